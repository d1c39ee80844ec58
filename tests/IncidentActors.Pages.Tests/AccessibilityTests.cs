using System.Text.Json;
using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>axe-core finds nothing to complain about: every page, both themes, a phone and a desk.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(Browser browser)
{
    private const string Version = "4.14.1";

    [ChromiumTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Axe_finds_nothing_on_any_page(ColorScheme theme, int width)
    {
        var axe = await NpmPackage.ReadAsync("axe-core", Version, "axe.min.js");
        await using var room = await WarRoom.OpenAsync(browser);
        var pages = await PagesUnderTest.FillAsync(room);
        var page = await room.SitAsync(
            "@operator",
            new BrowserNewContextOptions { ColorScheme = theme, ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        var found = new List<string>();
        foreach (var (name, path) in pages.All)
        {
            await page.GotoAsync(path);
            await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(one => one.open = true)");
            await page.EvaluateAsync(axe);
            var result = await page.EvaluateAsync<JsonElement>("() => axe.run(document)");
            foreach (var violation in result.GetProperty("violations").EnumerateArray())
            {
                var nodes = violation
                    .GetProperty("nodes")
                    .EnumerateArray()
                    .Take(3)
                    .Select(node => node.GetProperty("html").GetString() + " " + node.GetProperty("failureSummary").GetString());
                found.Add($"{name}: {violation.GetProperty("id").GetString()}: {violation.GetProperty("help").GetString()}\n  {string.Join("\n  ", nodes)}");
            }
        }

        Assert.True(found.Count == 0, string.Join("\n", found));
    }

    [ChromiumFact]
    public async Task No_page_scrolls_sideways_on_a_phone()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var pages = await PagesUnderTest.FillAsync(room);
        var page = await room.SitAsync("@operator", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 390, Height = 844 } });
        foreach (var (name, path) in pages.All)
        {
            await page.GotoAsync(path);
            Assert.True(await page.EvaluateAsync<string>(HostileTextTests.Widest) is "", $"{name} is wider than the screen");
        }
    }
}
