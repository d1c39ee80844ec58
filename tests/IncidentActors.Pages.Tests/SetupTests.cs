using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>Setup, activity and runbooks: what is loaded, what was committed, and a run from its proposal to its output.</summary>
[Collection(BrowserTests.Name)]
public sealed class SetupTests(Browser browser)
{
    [ChromiumFact]
    public async Task A_dry_run_is_proposed_and_started_and_shows_its_output()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var incident = (await room.ToolAsync("@pm", "incident_declare", new { title = "Checkout is slow", severity = "SEV-3" })).GetProperty("id").GetString();
        var page = await room.SitAsync("@pm");
        await page.GotoAsync("/runbooks");
        await page.Locator("#runbook-code-rollback").GetByRole(AriaRole.Link, new() { Name = "Checkout is slow" }).ClickAsync();
        foreach (var field in await page.Locator("#propose-run input[name^='values.']").AllAsync()) await field.FillAsync("checkout");
        await page.GetByRole(AriaRole.Button, new() { Name = "Propose the run" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would be done" }).ClickAsync();
        await Assertions.Expect(page.Locator("#runs").GetByText("succeeded")).ToBeVisibleAsync();
        await page.Locator("#runs summary").ClickAsync();
        await Assertions.Expect(page.Locator("#runs pre")).ToContainTextAsync("checkout");
        Assert.EndsWith($"/incidents/{incident}/runs?runbook=code-rollback", page.Url, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Activity_shows_who_did_what_and_can_be_narrowed_to_one_handle()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        await PagesUnderTest.FillAsync(room);
        var page = await room.SitAsync("@operator");
        await page.GotoAsync("/activity");
        await Assertions.Expect(page.Locator("#activity li").First).ToContainTextAsync("@operator");
        await page.GetByLabel("By this handle").FillAsync("@planner");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Assertions.Expect(page.Locator("#activity li").First).ToContainTextAsync("@planner");
        await Assertions.Expect(page.Locator("#activity li").Filter(new() { HasText = "@qa" })).ToHaveCountAsync(0);
    }

    [ChromiumFact]
    public async Task The_title_of_the_tab_says_what_waits_for_the_visitor()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var page = await room.SitAsync("@pm");
        await page.GotoAsync("/");
        await Assertions.Expect(page).ToHaveTitleAsync("Now · IncidentActors");
        await Assertions.Expect(page.Locator("#link")).ToHaveTextAsync("live");
        await room.WaitingAsync();
        await Assertions.Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex(@"^\(\d+\) Now · IncidentActors$"));
    }

    [ChromiumFact]
    public async Task Setup_shows_the_roster_the_routes_and_the_permits_that_are_loaded()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var page = await room.SitAsync("@operator");
        await page.GotoAsync("/setup");
        await Assertions.Expect(page.Locator("#roster")).ToContainTextAsync("@operator");
        await Assertions.Expect(page.Locator("#routes tbody tr")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#permits")).ToContainTextAsync("deploy");
    }
}
