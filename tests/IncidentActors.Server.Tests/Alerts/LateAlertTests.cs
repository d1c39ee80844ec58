using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>What Alertmanager really sends: repeats, retries that arrive late, pairs that both send, groups that are cut.</summary>
public sealed class LateAlertTests : IAsyncLifetime
{
    private const string Start = "2026-01-26T14:23:00Z";
    private const string End = "2026-01-26T14:45:00Z";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(Start, "resolved")]
    [InlineData("2026-01-26T14:22:00Z", "resolved")]
    [InlineData("2026-01-26T14:23:05Z", "resolved")]
    [InlineData(End, "firing")]
    [InlineData("2026-01-26T15:00:00Z", "firing")]
    public async Task After_an_end_only_what_began_later_fires_again(string starts, string expected)
    {
        var id = await FiresAsync(Alert("a"));
        await SendAsync(Ended("a"));
        var end = await NewsAsync(id);
        var answer = Assert.Single((await SendAsync(Alert("a", starts))).List("incidents"));
        Assert.Equal((id, false), (answer.Text("id"), answer.GetProperty("created").GetBoolean()));
        var view = await ViewAsync(id);
        Assert.Equal(expected, Assert.Single(view.List("alerts")).Text("status"));
        Assert.Equal(expected == "resolved", view.GetProperty("resolutionSuggested").GetBoolean());
        Assert.Equal(expected == "resolved", end == await NewsAsync(id));
    }

    [Fact]
    public async Task The_end_of_an_earlier_firing_does_not_end_the_present_one()
    {
        var id = await FiresAsync(Alert("a"));
        await SendAsync(Alert("a", "2026-01-26T15:00:00Z"));
        await SendAsync(Ended("a"));
        Assert.Equal("firing", Assert.Single((await ViewAsync(id)).List("alerts")).Text("status"));
        await SendAsync(Ended("a", "2026-01-26T15:00:00Z", "2026-01-26T15:10:00Z"));
        Assert.Equal("resolved", Assert.Single((await ViewAsync(id)).List("alerts")).Text("status"));
    }

    [Fact]
    public async Task Of_a_pair_that_saw_the_start_at_different_times_one_end_is_enough()
    {
        var id = await FiresAsync(Alert("a", "2026-01-26T14:23:05Z"));
        var end = await NewsAsync(id);
        await SendAsync(Alert("a"));
        Assert.Equal(end, await NewsAsync(id));
        await SendAsync(Ended("a"));
        await SendAsync(Alert("a", "2026-01-26T14:23:05Z"));
        Assert.True((await ViewAsync(id)).GetProperty("resolutionSuggested").GetBoolean());
    }

    [Fact]
    public async Task A_repeated_alert_does_not_undo_a_severity_that_was_lowered()
    {
        var id = await FiresAsync(Alert("a", severity: "critical"));
        (await server.PostAsync($"/api/incidents/{id}/severity", "@pm", new { severity = "SEV-3", reason = "one host" })).IsOk();
        await SendAsync(Alert("a", severity: "critical"));
        await SendAsync(Alert("a", severity: "critical"), Alert("b", severity: "warning"));
        Assert.Equal("SEV-3", (await ViewAsync(id)).Text("severity"));
        await SendAsync(Alert("a", severity: "critical"), Alert("c", severity: "critical"));
        Assert.Equal("SEV-1", (await ViewAsync(id)).Text("severity"));
    }

    [Fact]
    public async Task The_alert_that_becomes_worse_under_its_own_fingerprint_raises_the_severity_once()
    {
        var id = await FiresAsync(Alert("a", severity: "warning"));
        await SendAsync(Alert("a", severity: "critical"));
        Assert.Equal("SEV-1", (await ViewAsync(id)).Text("severity"));
        var end = await NewsAsync(id);
        await SendAsync(Alert("a", severity: "critical"));
        await SendAsync(Alert("a", severity: "warning"));
        Assert.Equal(end, await NewsAsync(id));
    }

    [Fact]
    public async Task Changed_annotations_are_the_same_alert()
    {
        var id = await FiresAsync(Alert("a"));
        var end = await NewsAsync(id);
        var changed = Alert("a");
        changed["annotations"]!["summary"] = "97.3 % full";
        await SendAsync(changed);
        Assert.Equal(end, await NewsAsync(id));
    }

    [Fact]
    public async Task Of_a_group_that_was_cut_nobody_says_that_all_has_resolved()
    {
        var id = await FiresAsync(Alert("a"));
        var cut = Webhook(Ended("a"));
        cut["truncatedAlerts"] = 12;
        (await server.PostAsync("/webhooks/alertmanager", null, cut.ToJsonString())).IsOk();
        var view = await ViewAsync(id);
        Assert.Equal("resolved", Assert.Single(view.List("alerts")).Text("status"));
        Assert.False(view.GetProperty("resolutionSuggested").GetBoolean());
    }

    [Fact]
    public async Task Nor_of_one_that_was_cut_while_another_incident_has_what_still_fires()
    {
        var other = Webhook(Alert("b"));
        other["groupKey"] = "other";
        (await server.PostAsync("/webhooks/alertmanager", null, other.ToJsonString())).IsOk();
        var id = await FiresAsync(Alert("a"));
        var cut = Webhook(Ended("a"), Alert("b", severity: "critical"));
        cut["truncatedAlerts"] = 12;
        (await server.PostAsync("/webhooks/alertmanager", null, cut.ToJsonString())).IsOk();
        var view = await ViewAsync(id);
        Assert.Equal("resolved", Assert.Single(view.List("alerts")).Text("status"));
        Assert.False(view.GetProperty("resolutionSuggested").GetBoolean());
    }

    [Fact]
    public async Task A_group_of_firing_and_resolved_is_one_incident_that_knows_both()
    {
        var id = await FiresAsync(Alert("a"), Ended("b"));
        Assert.Equal(["firing", "resolved"], (await ViewAsync(id)).List("alerts").Select(alert => alert.Text("status")));
        await SendAsync(Ended("a"), Alert("b", "2026-01-26T15:00:00Z"));
        var view = await ViewAsync(id);
        Assert.Equal(["resolved", "firing"], view.List("alerts").Select(alert => alert.Text("status")));
        Assert.False(view.GetProperty("resolutionSuggested").GetBoolean());
    }

    [Fact]
    public async Task Without_fingerprints_the_labels_tell_alerts_apart()
    {
        var (one, two) = (Alert("one"), Alert("two"));
        one.Remove("fingerprint");
        two.Remove("fingerprint");
        two["labels"]!["instance"] = "db-2";
        var id = await FiresAsync(one, two);
        Assert.Equal(2, (await ViewAsync(id)).List("alerts").Length);
        var end = await NewsAsync(id);
        await SendAsync((JsonObject)two.DeepClone(), (JsonObject)one.DeepClone());
        Assert.Equal(end, await NewsAsync(id));
    }

    [Fact]
    public async Task A_source_that_names_no_start_goes_by_its_status()
    {
        var id = await FiresAsync(Bare("firing"));
        var end = await NewsAsync(id);
        await SendAsync(Bare("firing"));
        Assert.Equal(end, await NewsAsync(id));
        foreach (var status in new[] { "resolved", "firing", "resolved" })
        {
            await SendAsync(Bare(status));
            Assert.Equal(status, Assert.Single((await ViewAsync(id)).List("alerts")).Text("status"));
        }

        static JsonObject Bare(string status)
        {
            var bare = Alert("a");
            bare["status"] = status;
            bare.Remove("startsAt");
            bare.Remove("endsAt");
            return bare;
        }
    }

    [Fact]
    public async Task An_end_ahead_of_our_clock_does_not_hide_what_fires_next()
    {
        var (starts, now) = (DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow);
        var id = await FiresAsync(Alert("a", starts.ToString("O")));
        await SendAsync(Ended("a", starts.ToString("O"), now.AddHours(1).ToString("O")));
        Assert.True(Assert.Single((await ViewAsync(id)).List("alerts")).GetProperty("endsAt").GetDateTimeOffset() <= DateTimeOffset.UtcNow);
        await SendAsync(Alert("a", now.AddMinutes(2).ToString("O")));
        Assert.Equal("firing", Assert.Single((await ViewAsync(id)).List("alerts")).Text("status"));
    }

    [Fact]
    public async Task One_alert_with_a_wrong_clock_does_not_cost_the_others()
    {
        var answer = await SendAsync(Alert("a"), Ended("b", ends: "2026-01-26T14:00:00Z"));
        Assert.Single(answer.List("incidents"));
        Assert.Equal("b", Assert.Single(answer.List("ignored")).Text("fingerprint"));
        var wrong = Alert("c");
        wrong["endsAt"] = "2026-01-26T14:00:00Z";
        Assert.Single((await SendAsync(wrong)).List("incidents"));
    }

    [Fact]
    public async Task Long_names_are_told_apart_and_texts_are_cut_between_characters()
    {
        var name = new string('f', 3000);
        var (one, two) = (Alert(name + "1"), Alert(name + "2"));
        one["annotations"]!["summary"] = new string('x', 299) + "😀 is full";
        var id = await FiresAsync(one, two);
        var view = await ViewAsync(id);
        Assert.Equal(2, view.List("alerts").Length);
        Assert.Equal(new string('x', 299) + "…", view.Text("title"));
    }

    private async Task<string> FiresAsync(params JsonObject[] alerts)
    {
        var incident = Assert.Single((await SendAsync(alerts)).List("incidents"));
        Assert.True(incident.GetProperty("created").GetBoolean());
        return incident.Text("id");
    }

    private async Task<JsonElement> SendAsync(params JsonObject[] alerts) =>
        (await server.PostAsync("/webhooks/alertmanager", null, Webhook(alerts).ToJsonString())).IsOk().Json;

    /// <summary>How often alerts have told the incident something new.</summary>
    private async Task<int> NewsAsync(string id) => (await server.GetAsync($"/api/incidents/{id}/timeline?limit=1000")).Items()
        .Count(one => one.Text("name") is "incident.alerts-joined.v1" or "incident.severity-changed.v1");

    private async Task<JsonElement> ViewAsync(string id) => (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json;

    private static JsonObject Webhook(params JsonObject[] alerts) => new() { ["version"] = "4", ["groupKey"] = "g", ["alerts"] = new JsonArray([.. alerts]) };

    private static JsonObject Alert(string fingerprint, string starts = Start, string severity = "high") => new()
    {
        ["status"] = "firing",
        ["labels"] = new JsonObject { ["alertname"] = "DiskFull", ["severity"] = severity },
        ["annotations"] = new JsonObject { ["summary"] = "Disk full" },
        ["startsAt"] = starts,
        ["endsAt"] = "0001-01-01T00:00:00Z",
        ["fingerprint"] = fingerprint,
    };

    private static JsonObject Ended(string fingerprint, string starts = Start, string ends = End)
    {
        var alert = Alert(fingerprint, starts);
        alert["status"] = "resolved";
        alert["endsAt"] = ends;
        return alert;
    }
}
