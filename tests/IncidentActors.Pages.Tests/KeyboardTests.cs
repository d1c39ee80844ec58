using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentActors.Pages.Tests;

[Collection(BrowserTests.Name)]
public sealed class KeyboardTests(Browser browser)
{
    [ChromiumFact]
    public async Task An_approval_is_decided_with_two_keys_and_pages_are_reached_without_a_mouse()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (_, atp, _) = await room.WaitingAsync();
        var page = await room.SitAsync("@pm");
        await page.GotoAsync("/");
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        await GoAsync(page, "i", "Inbox of @pm");
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#decision")).ToContainTextAsync("approved by @pm");

        await room.ToolAsync("@dev", "message_send", new { atpId = atp, toAgent = "@pm", messageType = "Blocker", subject = "Which region?", body = "b" });
        // What is acknowledged by a key can be taken back for 6 s: meanwhile the page's clock stands, so that it can be on every machine.
        await page.Clock.InstallAsync();
        await page.GotoAsync("/inbox");
        var asked = page.Locator(".message", new PageLocatorOptions { HasText = "Which region?" });
        await asked.EvaluateAsync("e => { e.tabIndex = -1; e.focus(); }");
        await page.Clock.PauseAtAsync(DateTime.UtcNow.AddHours(1));
        await page.Keyboard.PressAsync("e");
        await Expect(asked).ToHaveClassAsync(Leaving);
        await page.Keyboard.PressAsync("u");
        await Expect(asked).Not.ToHaveClassAsync(Leaving);
        await Expect(asked).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("e");
        await page.Clock.ResumeAsync();
        await Expect(asked).ToHaveCountAsync(0);
    }

    private static readonly System.Text.RegularExpressions.Regex Leaving = new(@"\bleaving\b");

    [ChromiumFact]
    public async Task Items_are_walked_opened_and_noted_by_keys()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (incident, _) = await room.EmergencyAsync();
        var page = await room.SitAsync("@pm");
        await page.GotoAsync("/");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"/incidents/{incident}$"));
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        await page.Keyboard.PressAsync("c");
        await page.Keyboard.TypeAsync("By keys alone");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#timeline")).ToContainTextAsync("By keys alone");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#keys")).ToBeHiddenAsync();
    }

    [ChromiumFact]
    public async Task Every_control_is_reached_by_tab_and_shows_its_focus()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var pages = await PagesUnderTest.FillAsync(room);
        var page = await room.SitAsync("@operator");
        foreach (var (name, path) in pages.All)
        {
            await page.GotoAsync(path);
            var wanted = await page.EvaluateAsync<int>(Reachable);
            for (var pressed = 0; pressed < wanted + 10; pressed++)
            {
                await page.Keyboard.PressAsync("Tab");
                var state = await page.EvaluateAsync<string>(Focused);
                Assert.True(state is "ok" or "none", $"{name}: {state}");
            }

            Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('[data-wanted]:not([data-had])')].length"));
        }
    }

    /// <summary>The two keys of a page. The second one counts for 1.5 s after the first: where it came later, both are pressed again.</summary>
    private static async Task GoAsync(IPage page, string key, string heading)
    {
        for (var tries = 1; ; tries++)
        {
            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync(key);
            try
            {
                await Expect(page.Locator("h1")).ToHaveTextAsync(heading, new LocatorAssertionsToHaveTextOptions { Timeout = 30_000 });
                return;
            }
            catch (PlaywrightException) when (tries < 3)
            {
                // The machine stood still between the keys.
            }
        }
    }

    private const string Reachable = """
        () => {
          const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
            .filter(e => !e.matches(':disabled') && e.checkVisibility() && !e.closest('dialog'));
          all.forEach(e => e.dataset.wanted = '');
          return all.length + document.querySelectorAll('[tabindex="0"]').length;
        }
        """;

    private const string Focused = """
        () => {
          const e = document.activeElement;
          if (!e || e === document.body) return 'none';
          e.dataset.had = '';
          const style = getComputedStyle(e);
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 ? 'ok' : 'no visible focus on ' + e.outerHTML.slice(0, 200);
        }
        """;
}
