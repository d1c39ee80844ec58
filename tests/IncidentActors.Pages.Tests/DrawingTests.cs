using IncidentActors.Core.Flows;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentActors.Pages.Tests;

/// <summary>What is drawn on the server, as a browser with its own fonts sees it; and moving through an incident's past.</summary>
[Collection(BrowserTests.Name)]
public sealed class DrawingTests(Browser browser)
{
    [ChromiumFact]
    public async Task No_label_of_any_flow_is_wider_or_higher_than_its_box()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var page = await room.SitAsync(null);
        foreach (var flow in FlowSet.Shipped.Latest)
        {
            await page.GotoAsync($"/flows/{flow.Name}");
            Assert.Equal(flow.States.Length, await page.Locator("#diagram svg.flow > g.state").CountAsync());
            Assert.Empty(await page.EvaluateAsync<string[]>(Outside));
        }
    }

    [ChromiumTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_past_is_walked_with_the_slider(bool script)
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (incident, atp, _) = await room.WaitingAsync();
        var page = await room.SitAsync(null, new BrowserNewContextOptions { JavaScriptEnabled = script });
        await page.GotoAsync($"/incidents/{incident}/replay");
        await Expect(page.Locator("h1")).ToContainTextAsync("Replay: step");
        await Expect(page.Locator($"#atp-{atp} h3")).ToContainTextAsync("Complete");
        await page.Locator("#at").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.ClickAsync("text=Show this moment");
        await Expect(page.Locator("h1")).ToContainTextAsync("step 1 of");
        await Expect(page.Locator(".replay-status")).ToHaveTextAsync("declared");
        await Expect(page.Locator($"#atp-{atp} h3")).ToContainTextAsync("InProgress");
        await page.ClickAsync("text=Later");
        await Expect(page.Locator("h1")).ToContainTextAsync("step 2 of");
    }

    /// <summary>Texts that stick out of the box that they stand in.</summary>
    private const string Outside = """
        () => [...document.querySelectorAll('svg.flow > g')].flatMap(group => {
          const box = group.querySelector('rect')?.getBBox();
          return !box ? [] : [...group.querySelectorAll('text')].filter(text => {
            const own = text.getBBox();
            return own.width === 0 || own.x < box.x || own.x + own.width > box.x + box.width || own.y < box.y || own.y + own.height > box.y + box.height;
          }).map(text => text.textContent);
        })
        """;
}
