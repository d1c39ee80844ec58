using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace IncidentActors.Pages.Tests;

/// <summary>Seed 000's emergency flow, every row taken by people with nothing but the pages.</summary>
[Collection(BrowserTests.Name)]
public sealed class EmergencyByPagesTests(Browser browser)
{
    [ChromiumTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_emergency_flow_is_worked_through_the_pages_alone(bool script)
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var options = () => new BrowserNewContextOptions { JavaScriptEnabled = script };
        var pm = await room.SitAsync("@pm", options());
        var dev = await room.SitAsync("@dev", options());
        var sre = await room.SitAsync("@sre", options());

        await pm.GotoAsync("/");
        await pm.ClickAsync("text=Declare an incident");
        await pm.FillAsync("#declare-title", "Payment gateway returns 500 errors");
        await pm.SelectOptionAsync("#declare-severity", "SEV-1");
        await pm.SelectOptionAsync("#declare-category", "financial");
        await pm.ClickAsync("#declare button");
        await Expect(pm.Locator("#halt-banner")).ToContainTextAsync("all work");
        await Expect(pm.Locator("h1")).ToContainTextAsync("Payment gateway");
        await Expect(pm.Locator("#done")).ToContainTextAsync("Declared");

        await dev.GotoAsync("/inbox");
        await dev.ClickAsync("#messages button:has-text('Acknowledge')");
        await Expect(dev.Locator("#messages button:has-text('Acknowledge')")).ToHaveCountAsync(0);
        var atp = await OpenWorkAsync(pm);
        await dev.GotoAsync(atp);
        await Expect(dev.Locator(".next")).ToContainTextAsync("Fix ready");
        var handoff = dev.Locator("form:has([name=completedWork])");
        await handoff.Locator("[name=toAgent]").SelectOptionAsync("@pm");
        await handoff.Locator("[name=completedWork]").FillAsync("The pool of connections is larger");
        await handoff.Locator("[name=pendingWork]").FillAsync("Watch it");
        await handoff.Locator("[name=evidence]").FillAsync("Error rate 0.1 %");
        await handoff.Locator("button").ClickAsync();
        await Expect(dev.Locator("#head .tag-strong")).ToHaveTextAsync("Complete");

        await pm.GotoAsync("/inbox");
        await pm.ClickAsync("#approvals button.primary");
        await Expect(pm.Locator("#decision")).ToContainTextAsync("approved by @pm");

        await sre.GotoAsync(atp);
        await sre.ClickAsync("[data-step='4']");
        await Expect(sre.Locator("#head .tag-strong")).ToHaveTextAsync("Deployed");

        await pm.GotoAsync(atp);
        await pm.Locator("#artifact-more summary").ClickAsync();
        await pm.SelectOptionAsync("#artifact-artifactType", "PMVerificationReport");
        await pm.FillAsync("#artifact-title", "Verified in production");
        await pm.FillAsync("#artifact-content", "Cards work again; 200 of 200 test payments passed.");
        await pm.ClickAsync("#artifact button");
        await Expect(pm.Locator("#artifacts")).ToContainTextAsync("Verified in production");
        await pm.ClickAsync("[data-step='5']");
        await Expect(pm.Locator("#head .tag-strong")).ToHaveTextAsync("Closed");

        var closed = await room.JsonAsync($"/api{atp}");
        Assert.Equal("Closed", closed.GetProperty("status").GetString());
        Assert.Equal([1, 2, 3, 4, 5, 6], closed.GetProperty("history").EnumerateArray().Select(entry => entry.GetProperty("row").GetInt32()));
        var postmortem = await room.JsonAsync($"/api/atps/{closed.GetProperty("followUps")[0].GetProperty("atpId").GetString()}");
        Assert.Equal("postmortem", postmortem.GetProperty("type").GetString());
    }

    /// <summary>The path of the incident's first ATP.</summary>
    private static async Task<string> OpenWorkAsync(IPage page)
    {
        await page.ClickAsync("#atps a");
        await Expect(page.Locator("#head .tag-strong")).ToBeVisibleAsync();
        return new Uri(page.Url).AbsolutePath;
    }
}
