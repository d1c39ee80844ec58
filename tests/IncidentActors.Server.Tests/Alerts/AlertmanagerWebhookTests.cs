using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Alerts;

public sealed class AlertmanagerWebhookTests : IAsyncLifetime
{
    private const string Path = "/webhooks/alertmanager";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Firing_declares_once_and_resolved_joins()
    {
        var firing = Webhook("group", Alert("a"));
        var first = await SendAsync(firing);
        var incident = Assert.Single(first.List("incidents"));
        Assert.True(incident.GetProperty("created").GetBoolean());
        Assert.Empty(first.List("ignored"));
        var id = incident.Text("id");
        var view = (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json;
        Assert.Equal(
            ("SEV-2", "availability", "Disk full", "alertmanager"),
            (view.Text("severity"), view.Text("category"), view.Text("title"), view.Text("source")));
        Assert.Equal(new DateTimeOffset(2026, 1, 26, 14, 23, 0, TimeSpan.Zero), view.GetProperty("startedAt").GetDateTimeOffset());
        Assert.Equal("firing", Assert.Single(view.List("alerts")).Text("status"));

        var end = await server.EndAsync();
        var again = Assert.Single((await SendAsync(firing)).List("incidents"));
        Assert.Equal((id, false), (again.Text("id"), again.GetProperty("created").GetBoolean()));
        Assert.Equal(end, await server.EndAsync());

        Assert.Equal(id, Assert.Single((await SendAsync(Webhook("group", Alert("a", "resolved")))).List("incidents")).Text("id"));
        view = (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json;
        Assert.True(view.GetProperty("resolutionSuggested").GetBoolean());
        Assert.Equal("declared", view.Text("status"));
        Assert.Single((await server.GetAsync("/api/incidents")).Items());
        var timeline = (await server.GetAsync($"/api/incidents/{id}/timeline")).Items();
        Assert.Equal("@alertmanager", timeline[0].Text("by"));
        Assert.Single(timeline, one => one.Text("name") == "incident.declared.v1");
        Assert.Equal(2, timeline.Count(one => one.Text("name") == "incident.alerts-joined.v1"));
    }

    [Fact]
    public async Task More_alerts_of_the_group_join_and_raise_the_severity()
    {
        var id = Assert.Single((await SendAsync(Webhook("group", Alert("a")))).List("incidents")).Text("id");
        Assert.Equal(id, Assert.Single((await SendAsync(Webhook("group", Alert("a"), Alert("b", severity: "critical")))).List("incidents")).Text("id"));
        Assert.Equal(id, Assert.Single((await SendAsync(Webhook("another group", Alert("b", severity: "critical")))).List("incidents")).Text("id"));
        var view = (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json;
        Assert.Equal("SEV-1", view.Text("severity"));
        Assert.Equal(2, view.List("alerts").Length);
        Assert.Single(view.List("halts"));
    }

    [Fact]
    public async Task Resolved_without_an_incident_is_ignored_with_a_reason()
    {
        var end = await server.EndAsync();
        var answer = await SendAsync(Webhook("group", Alert("a", "resolved")));
        Assert.Empty(answer.List("incidents"));
        var ignored = Assert.Single(answer.List("ignored"));
        Assert.Equal("a", ignored.Text("fingerprint"));
        Assert.NotEmpty(ignored.Text("reason"));
        Assert.Equal(end, await server.EndAsync());
    }

    [Fact]
    public async Task After_the_incident_is_over_the_same_alert_declares_a_new_one()
    {
        var id = Assert.Single((await SendAsync(Webhook("group", Alert("a")))).List("incidents")).Text("id");
        (await server.PostAsync($"/api/incidents/{id}/cancel", "@pm", new { reason = "a test" })).IsOk();
        var next = Assert.Single((await SendAsync(Webhook("group", Alert("a")))).List("incidents"));
        Assert.NotEqual(id, next.Text("id"));
        Assert.True(next.GetProperty("created").GetBoolean());
    }

    [Theory]
    [InlineData("critical", null, "SEV-1")]
    [InlineData("warning", null, "SEV-3")]
    [InlineData(null, "P1", "SEV-2")]
    [InlineData("low", "P1", "SEV-2")]
    [InlineData("info", "P1", "SEV-2")]
    [InlineData(null, null, "SEV-3")]
    [InlineData("spectacular", null, "SEV-3")]
    [InlineData("info", null, null)]
    [InlineData("none", null, null)]
    public async Task Labels_give_the_severity_and_the_higher_wins(string? severity, string? priority, string? expected)
    {
        var answer = await SendAsync(Webhook("group", Alert("a", severity: severity, priority: priority)));
        if (expected is null)
        {
            Assert.Empty(answer.List("incidents"));
            Assert.Single(answer.List("ignored"));
            return;
        }

        var id = Assert.Single(answer.List("incidents")).Text("id");
        Assert.Equal(expected, (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json.Text("severity"));
    }

    /// <summary>What is answered 4xx is not sent again: an alert must not be lost because nobody named it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData(null)]
    public async Task An_alert_without_a_name_is_an_incident_all_the_same(string? name)
    {
        var alert = Alert("a");
        alert["annotations"] = new JsonObject { ["summary"] = " " };
        alert["labels"]!["alertname"] = name;
        var id = Assert.Single((await SendAsync(Webhook("group", alert))).List("incidents")).Text("id");
        Assert.Equal("Alert", (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json.Text("title"));
    }

    [Fact]
    public async Task The_category_label_and_the_criteria_of_severity_1_count()
    {
        var alert = Alert("a", severity: "low");
        alert["labels"]!["category"] = "data";
        alert["labels"]!["impact"] = "data-loss";
        var id = Assert.Single((await SendAsync(Webhook("group", alert))).List("incidents")).Text("id");
        var view = (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json;
        Assert.Equal(("data", "SEV-1"), (view.Text("category"), view.Text("severity")));
        Assert.Contains(view.List("responders"), responder => responder.Text("handle") == "@diana");
    }

    /// <summary>Seed 003: what any alert of a group says halts, although another one is worse, and also when it comes later.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_alert_of_a_group_speaks_for_itself(bool later)
    {
        var migration = Alert("b", severity: "high");
        migration["labels"]!["category"] = "data";
        migration["labels"]!["signal"] = "failed-migration";
        if (later) await SendAsync(Webhook("group", Alert("a")));
        var id = Assert.Single((await SendAsync(Webhook("group", Alert("a"), migration))).List("incidents")).Text("id");
        var view = (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json;
        Assert.Equal("SEV-1", view.Text("severity"));
        Assert.Single(view.List("halts"));
        Assert.Superset(
            new HashSet<string> { "@diana", "@steve" }, view.List("responders").Select(responder => responder.Text("handle")).ToHashSet());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_criterion_of_severity_1_counts_beside_a_worse_label_too(bool later)
    {
        var loss = Alert("b", severity: "warning");
        loss["labels"]!["impact"] = "data-loss";
        if (later) await SendAsync(Webhook("group", Alert("a")));
        var id = Assert.Single((await SendAsync(Webhook("group", Alert("a"), loss))).List("incidents")).Text("id");
        Assert.Equal("SEV-1", (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json.Text("severity"));
    }

    [Theory]
    [InlineData("""{"version":"4"}""")]
    [InlineData("""{"version":"4","alerts":7}""")]
    [InlineData("""{"version":"4","alerts":[null]}""")]
    [InlineData("""{"version":"4","alerts":["a"]}""")]
    [InlineData("[7]")]
    [InlineData("7")]
    [InlineData("no JSON")]
    [InlineData("")]
    public async Task What_holds_no_alert_is_refused_and_changes_nothing(string body)
    {
        var end = await server.EndAsync();
        Assert.Equal(400, (int)(await server.PostAsync(Path, null, body)).Status);
        Assert.Equal(end, await server.EndAsync());
    }

    [Fact]
    public async Task Versions_and_unknown_fields_are_tolerated()
    {
        var webhook = Webhook("group", Alert("a"));
        webhook["version"] = 5;
        webhook["novelty"] = new JsonObject { ["deep"] = new JsonArray(1, 2) };
        webhook["alerts"]![0]!["novelty"] = 7;
        Assert.Single((await SendAsync(webhook)).List("incidents"));
    }

    [Fact]
    public async Task A_closed_journal_answers_503_so_that_it_is_sent_again()
    {
        await server.Server.Engine.Journal.DisposeAsync();
        var reply = await server.PostAsync(Path, null, Webhook("group", Alert("a")).ToJsonString());
        reply.Refused(503, "server.unavailable");
        Assert.NotNull(reply.RetryAfter);
        (await server.GetAsync("/readyz")).Refused(503, "server.unavailable");
        (await server.GetAsync("/healthz")).IsOk();
    }

    [Fact]
    public async Task A_storm_of_10_000_alerts_in_50_groups_is_50_incidents()
    {
        const int Groups = 50;
        const int PerPost = 100;
        var posts = from part in Enumerable.Range(0, 2)
                    from @group in Enumerable.Range(0, Groups)
                    select Webhook($"g{@group}", [.. Enumerable.Range(part * PerPost, PerPost).Select(number => Alert($"{@group}-{number}", severity: "P2"))]);
        await Parallel.ForEachAsync(
            posts.Concat(posts.Take(Groups / 5)),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (webhook, _) => await SendAsync(webhook));
        var incidents = (await server.GetAsync("/api/incidents?limit=1000")).Items();
        Assert.Equal(Groups, incidents.Length);
        Assert.All(incidents, incident => Assert.Equal(2 * PerPost, incident.List("alerts").Length));
    }

    private async Task<JsonElement> SendAsync(JsonObject webhook) => (await server.PostAsync(Path, null, webhook.ToJsonString())).IsOk().Json;

    private static JsonObject Webhook(string group, params JsonObject[] alerts) => new()
    {
        ["version"] = "4",
        ["groupKey"] = group,
        ["status"] = "firing",
        ["receiver"] = "incidents",
        ["truncatedAlerts"] = 0,
        ["groupLabels"] = new JsonObject(),
        ["commonLabels"] = new JsonObject(),
        ["commonAnnotations"] = new JsonObject(),
        ["externalURL"] = "http://alertmanager.example",
        ["alerts"] = new JsonArray([.. alerts]),
    };

    private static JsonObject Alert(string fingerprint, string status = "firing", string? severity = "high", string? priority = null)
    {
        var labels = new JsonObject { ["alertname"] = "DiskFull" };
        if (severity is not null) labels["severity"] = severity;
        if (priority is not null) labels["priority"] = priority;
        return new JsonObject
        {
            ["status"] = status,
            ["labels"] = labels,
            ["annotations"] = new JsonObject { ["summary"] = "Disk full" },
            ["startsAt"] = "2026-01-26T14:23:00Z",
            ["endsAt"] = status == "firing" ? "0001-01-01T00:00:00Z" : "2026-01-26T14:45:00Z",
            ["generatorURL"] = "http://prometheus.example",
            ["fingerprint"] = fingerprint,
        };
    }
}
