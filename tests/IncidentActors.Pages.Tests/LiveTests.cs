using IncidentActors.Testing;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace IncidentActors.Pages.Tests;

/// <summary>What one does is seen by the others, without reloading.</summary>
[Collection(BrowserTests.Name)]
public sealed class LiveTests(Browser browser, ITestOutputHelper output)
{
    private const int MaxHalts = 5;

    /// <summary>Watches from inside the page, so that the time is the page's and not that of the test's own looking.</summary>
    private const string UntilHalted = """
        () => new Promise(done => {
          const seen = () => document.querySelector('#halt-banner .halt') && done(Date.now());
          new MutationObserver(seen).observe(document.body, { childList: true, subtree: true });
          seen();
        })
        """;

    [ChromiumFact]
    public async Task A_halt_that_is_raised_is_seen_in_another_browser_within_a_second()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var operators = await room.SitAsync("@operator");
        var developers = await room.SitAsync("@dev");
        await developers.GotoAsync("/");
        await Expect(developers.Locator("#link")).ToHaveTextAsync("live");

        // A machine that stands still just then makes one halt late; a page that hears of halts late is late for every one.
        var after = double.MaxValue;
        for (var halts = 0; halts < MaxHalts && after > 1000; halts++)
        {
            after = await SeenAfterAsync(room, operators, developers);
            output.WriteLine($"seen {after:0} ms after it was raised");
        }

        Assert.InRange(after, -1, 1000);
    }

    /// <summary>Milliseconds from the raising of a halt to its being seen, where nobody did anything for it; lifts it again.</summary>
    private static async Task<double> SeenAfterAsync(WarRoom room, IPage operators, IPage developers)
    {
        var seen = developers.EvaluateAsync<double>(UntilHalted);
        await operators.GotoAsync("/halts");
        await operators.SelectOptionAsync("#scope", "all");
        await operators.ClickAsync("#preview-form button");
        await Expect(operators.Locator("#preview")).ToContainTextAsync("It would cover");
        await operators.FillAsync("#raise-reason", "Somebody leaks a key");
        await operators.ClickAsync("#raise button");
        await Expect(operators.Locator("#active")).ToContainTextAsync("Somebody leaks a key");
        var at = await seen;
        var halt = (await room.JsonAsync("/api/halts?state=active")).GetProperty("items")[0];
        await Expect(developers.Locator("#halt-banner")).ToContainTextAsync("Somebody leaks a key");
        await room.ToolAsync("@operator", "halt_lift", new { haltId = halt.GetProperty("id").GetString() });
        await Expect(developers.Locator("#halt-banner .halt")).ToHaveCountAsync(0);
        return at - halt.GetProperty("raisedAt").GetDateTimeOffset().ToUnixTimeMilliseconds();
    }

    [ChromiumFact]
    public async Task A_halt_fills_in_as_agents_confirm_and_is_lifted_in_stages()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        foreach (var agent in new[] { "@dev", "@qa" }) await room.ToolAsync(agent, "inbox", new { });
        var atp = (await room.ToolAsync("@qa", "atp_create", new { title = "Regression tests", owner = "@qa" })).GetProperty("id").GetString();
        var raised = await room.ToolAsync("@operator", "halt_raise", new { scope = "all", reason = "Stop" });
        var page = await room.SitAsync("@operator");
        await page.GotoAsync($"/halts/{raised.GetProperty("id").GetString()}");
        await Expect(page.Locator("#status")).ToContainTextAsync("0 of 2 confirmed");
        await room.ToolAsync("@qa", "inbox", new { });
        await Expect(page.Locator("#status")).ToContainTextAsync("1 of 2 confirmed");

        await room.ToolAsync("@operator", "atp_set", new { atpId = atp, notes = "Look at the <b>pool</b> first" });

        await page.FillAsync("#lift-part-scope", "@qa");
        await page.ClickAsync("#lift-part button");
        await Expect(page.Locator("#status")).ToContainTextAsync("Lifted in part");
        await page.ClickAsync("text=Lift all of it");
        await page.ClickAsync("text=Yes, lift all of it");
        await Expect(page.Locator("#status")).ToContainTextAsync("✓ lifted");
        await Expect(page.Locator("#halt-banner .halt")).ToHaveCountAsync(0);

        // Who comes back reads what changed meanwhile, also after a reload.
        var back = await room.SitAsync("@qa");
        await back.GotoAsync("/inbox");
        var briefing = back.Locator($"#briefing-{raised.GetProperty("id").GetString()}");
        await Expect(briefing).ToContainTextAsync("Look at the <b>pool</b> first");
        await back.ReloadAsync();
        await Expect(briefing).ToContainTextAsync("Look at the <b>pool</b> first");
    }

    [ChromiumFact]
    public async Task Work_that_comes_to_a_person_is_counted_and_a_note_reads_no_page_again()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var task = (await room.ToolAsync("@qa", "atp_create", new { title = "Regression tests", owner = "@qa" })).GetProperty("id").GetString();
        var page = await room.SitAsync("@pm");
        await page.GotoAsync("/figures");
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        var inbox = page.Locator("#nav a[href='/inbox']");
        await Expect(inbox.Locator(".count")).ToHaveCountAsync(0);

        await room.ToolAsync("@operator", "atp_set", new { atpId = task, owner = "@pm" });
        await Expect(inbox.Locator(".count")).ToHaveTextAsync("1");
        await room.ToolAsync("@operator", "atp_set", new { atpId = task, owner = "@qa" });
        await Expect(inbox.Locator(".count")).ToHaveCountAsync(0);
        var follows = (await page.Locator("#nav").GetAttributeAsync("data-live"))!.Split(' ');
        Assert.DoesNotContain(follows, prefix => "atp.noted".StartsWith(prefix, StringComparison.Ordinal));
        Assert.DoesNotContain(follows, prefix => "atp.artifact-added".StartsWith(prefix, StringComparison.Ordinal));
    }

    [ChromiumFact]
    public async Task An_approval_decided_in_one_browser_is_gone_in_the_other()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (_, _, approval) = await room.WaitingAsync();
        var first = await room.SitAsync("@pm");
        var second = await room.SitAsync("@operator");
        await second.GotoAsync("/inbox");
        await second.FillAsync($"#decide-{approval}-note", "I am still thinking");
        await first.GotoAsync("/inbox");
        await first.ClickAsync($"[id='{approval}'] button.primary");

        await Expect(second.Locator($"[id='{approval}']")).ToHaveCountAsync(0);
        await Expect(second.Locator($"[id='gone-{approval}']")).ToContainTextAsync("approved by @pm");
    }

    [ChromiumFact]
    public async Task What_is_refused_is_kept_and_what_the_visitor_may_not_do_says_so_before()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (_, atp) = await room.EmergencyAsync();
        var page = await room.SitAsync("@dev");
        await page.GotoAsync($"/atps/{atp}");
        foreach (var field in new[] { "completedWork", "pendingWork" }) await page.FillAsync($"#row-3-{field}", $"typed {field}");
        await page.FillAsync("#row-3-evidence", " ");
        await page.ClickAsync("#row-3 button");
        await Expect(page.Locator(".problem")).ToContainTextAsync("evidence");
        await Expect(page.Locator("#row-3-completedWork")).ToHaveValueAsync("typed completedWork");

        var other = await room.SitAsync("@qa");
        await other.GotoAsync($"/atps/{atp}");
        await other.Locator("details:has(form#row-3) summary").ClickAsync();
        await Expect(other.Locator("#row-3 button")).ToBeDisabledAsync();
        await Expect(other.Locator("#row-3")).ToContainTextAsync("This step is for @dev");
        await other.GotoAsync("/halts?scope=all");
        await Expect(other.Locator("#raise button")).ToBeDisabledAsync();
        await Expect(other.Locator("#raise")).ToContainTextAsync("@qa may not raise this halt");
    }

    [ChromiumFact]
    public async Task A_connection_that_is_cut_resumes_without_a_missed_event()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        await using var line = new CutProxy(room.Port);
        var (incident, _) = await room.EmergencyAsync();
        var page = await room.SitAsync(null, address: $"http://127.0.0.1:{line.Port}");
        await page.GotoAsync($"/incidents/{incident}?show=note");
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        for (var number = 1; number <= 20; number++)
        {
            if (number % 4 == 0) line.Cut(loseAnswer: true);
            await room.ToolAsync("@pm", "incident_update", new { incidentId = incident, command = "note", text = $"Note number {number}." });
        }

        await Expect(page.Locator("#timeline .line-note")).ToHaveCountAsync(20);
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        var texts = await page.Locator("#timeline .line-note .md").AllInnerTextsAsync();
        Assert.Equal(Enumerable.Range(1, 20).Reverse().Select(number => $"Note number {number}."), texts);
    }

    [ChromiumFact]
    public async Task What_is_typed_stays_while_the_page_changes_around_it()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (incident, _) = await room.EmergencyAsync();
        var page = await room.SitAsync("@pm");
        await page.GotoAsync($"/incidents/{incident}");
        await page.Locator("#note-text").PressSequentiallyAsync("half a sent");
        await room.ToolAsync("@pm", "incident_update", new { incidentId = incident, command = "note", text = "Meanwhile." });
        await Expect(page.Locator("#timeline")).ToContainTextAsync("Meanwhile.");
        await Expect(page.Locator("#note-text")).ToHaveValueAsync("half a sent");
        await page.Keyboard.TypeAsync("ence");
        await Expect(page.Locator("#note-text")).ToHaveValueAsync("half a sentence");
    }

    [ChromiumFact]
    public async Task An_item_that_was_walked_to_stays_chosen_while_the_page_changes_around_it()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (incident, _) = await room.EmergencyAsync();
        var page = await room.SitAsync("@pm");
        await page.GotoAsync("/");
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator($"[id='now-{incident}']")).ToBeFocusedAsync();
        await room.ToolAsync("@pm", "incident_declare", new { title = "Reports of the night are late", severity = "SEV-4" });
        await Expect(page.Locator("#incidents")).ToContainTextAsync("Reports of the night are late");
        await Expect(page.Locator($"[id='now-{incident}']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("o");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"/incidents/{incident}$"));
    }

    [ChromiumFact]
    public async Task A_button_and_what_opens_keep_the_focus_while_the_page_changes_around_them()
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var (_, atp) = await room.EmergencyAsync();
        var page = await room.SitAsync("@dev");
        await page.AddInitScriptAsync(Desktop);
        await page.GotoAsync("/inbox");
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        await page.ClickAsync("[data-notify]");
        await Expect(page.Locator("[data-notify]")).ToHaveAttributeAsync("aria-pressed", "true");
        foreach (var (focused, number) in new[] { "#messages button", "#messages summary" }.Select((one, number) => (one, number)))
        {
            await page.Locator(focused).First.FocusAsync();
            var subject = $"Word {number}";
            await room.ToolAsync("@pm", "message_send", new { atpId = atp, toAgent = "@dev", messageType = "Decision", priority = "P2", subject, body = "b" });
            await Expect(page.Locator("#messages")).ToContainTextAsync(subject);
            await Expect(page.Locator(focused).First).ToBeFocusedAsync();
        }

        // Whoever asked for it is notified of what is urgent, once, and of nothing else.
        await room.ToolAsync(
            "@pm", "message_send", new { atpId = atp, toAgent = "@dev", messageType = "Decision", priority = "P0", subject = "<i>Stop</i>", body = "b" });
        await page.WaitForFunctionAsync("() => window.notified.length > 0");
        Assert.Equal(["<i>Stop</i>"], await page.EvaluateAsync<string[]>("() => window.notified"));
    }

    /// <summary>A desktop that permits notifications and keeps them, and on which another program has the focus.</summary>
    private const string Desktop = """
        window.notified = [];
        window.Notification = class {
          constructor(title) { window.notified.push(title); }
          static permission = "granted";
          static requestPermission = async () => "granted";
        };
        document.hasFocus = () => false;
        """;
}
