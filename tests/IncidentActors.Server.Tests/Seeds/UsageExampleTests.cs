using System.Net;
using System.Text.Json;
using IncidentActors.Core.Policies;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Seeds;

/// <summary>The three usage examples of seed 002, word for word, from the line that declares to the knowledge entry, over HTTP.</summary>
public sealed class UsageExampleTests : IAsyncDisposable
{
    private static readonly Dictionary<string, Example> Examples = new()
    {
        ["Production Outage"] = new(
            "@DEV /emergency - P0: Database connection pool exhausted, all requests timing out", "SEV-1", "availability", "@dev",
            "Connection leak in new feature", new { scenario = "Bad deployment", notes = "Rollback deployment" }, "rollback", 2, "Missing connection.release()",
            "Add proper connection cleanup", "Connection pool stable", "Document leak pattern", "KB entry on connection management"),
        ["Security Breach"] = new(
            "@SECA /emergency - P0: SQL injection vulnerability actively exploited", "SEV-1", "security", "@seca",
            "Unescaped user input in search",
            new { scenario = "Feature bug", notes = "Disable search feature" },
            "feature-flag",
            1,
            "Missing parameterized query",
            "Implement prepared statements", "No more injection attempts", "Security review all inputs", "KB entry on SQL injection prevention"),
        ["Performance Degradation"] = new(
            "@DEV /emergency - P1: API response time increased from 200ms to 5s", "SEV-2", "availability", "@dev",
            "N+1 query in new endpoint",
            new { action = "rate-limit", expectedMinutes = 5, notes = "Rate limit endpoint" },
            "rate-limit",
            5,
            "Missing eager loading",
            "Add proper includes", "Response time back to 200ms", "Document query optimization", "KB entry on N+1 prevention"),
    };

    private readonly FakeTimeProvider time = TestClock.Start();
    private ServerUnderTest server = null!;

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("Production Outage")]
    [InlineData("Security Breach")]
    [InlineData("Performance Degradation")]
    public async Task From_the_line_that_declares_to_the_knowledge_entry(string name)
    {
        var example = Examples[name];
        server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        var declared = (await server.PostAsync("/api/incidents", "@monitoring", new { text = example.Line })).Is(HttpStatusCode.Created).Json;
        Assert.Equal((example.Severity, example.Category, "@pm"), (declared.Text("severity"), declared.Text("category"), declared.Text("commander")));
        Assert.Equal(example.Severity == "SEV-1", declared.List("halts").Length == 1);
        Assert.Contains((await InboxAsync(example.Named)).List("messages"), message => message.Text("type").EndsWith("Directive", StringComparison.Ordinal));
        Assert.Contains((await InboxAsync("@operator")).List("messages"), message => message.Text("type") == "HITLNotification");
        var (incident, atp) = ($"/api/incidents/{declared.Text("id")}", declared.List("atps")[0].GetString()!);

        // 1 Assess, 2 Mitigate, 3 Root cause.
        time.Advance(TimeSpan.FromMinutes(2));
        await AcknowledgeAsync("@dev", atp);
        string[] checks = ["monitoring", "deployments", "dependencies", "commits"];
        await DoAsync(
            $"{incident}/assess",
            "@dev",
            new { broken = example.Assess, usersAffected = "500 users", since = "03:00", changed = "a deployment", checks });
        var mitigating = await DoAsync($"{incident}/mitigate", "@dev", example.Mitigate);
        var mitigation = Assert.Single(mitigating.List("mitigations"));
        Assert.Equal((example.Action, example.Minutes), (mitigation.Text("action"), mitigation.GetProperty("expectedMinutes").GetInt32()));
        time.Advance(TimeSpan.FromMinutes(example.Minutes));
        Assert.Equal("monitoring", (await DoAsync($"{incident}/mitigate", "@dev", new { done = true })).Text("status"));
        await ArtifactAsync("@dev", atp, "RootCauseAnalysis", $"## Root Cause\n\n{example.Cause}");

        await ToolAsync("atp_change_status", "@sre", new { atpId = atp, status = "Mitigated", agent = "@sre" });

        // 4 Hotfix, 5 Deploy, 6 Verify.
        await ArtifactAsync("@dev", atp, "TestReport", "The critical path passes.", "passed");
        await ToolAsync(
            "handoff",
            "@dev",
            new
            {
                atpId = atp, fromAgent = "@dev", toAgent = "@pm", completedWork = example.Hotfix, pendingWork = "Deploy, verify",
                evidence = "Critical tests pass",
            });
        var approval = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items());
        await DoAsync($"/api/approvals/{approval.Text("id")}/decision", "@qa", new { decision = "approve" });
        if (example.Severity != "SEV-1") await ArtifactAsync("@sre", atp, "StagingVerification", "Staging holds.", "passed");
        await ToolAsync("atp_change_status", "@sre", new { atpId = atp, status = "Deployed", agent = "@sre" });
        time.Advance(TimeSpan.FromMinutes(10));
        await ToolAsync("atp_change_status", "@sre", new { atpId = atp, status = "Verified", agent = "@sre", notes = example.Verify });
        Assert.Equal("resolved", (await server.GetAsync(incident)).IsOk().Json.Text("status"));

        // 7 Postmortem, 8 Compound.
        await ArtifactAsync("@dev", atp, "Postmortem", FollowUp(example));
        await ToolAsync("atp_change_status", "@dev", new { atpId = atp, status = "PostmortemDone" });
        var draft = await ReportAsync(incident, "knowledge");
        Assert.DoesNotContain("[missing", draft, StringComparison.Ordinal);
        Assert.Contains(example.Cause, draft, StringComparison.Ordinal);
        Assert.Contains("tags: [incident", draft, StringComparison.Ordinal);
        await ArtifactAsync("@dev", atp, "KnowledgeEntry", draft.Replace("## Incident Summary", $"## {example.Compound}", StringComparison.Ordinal));
        await ToolAsync("atp_change_status", "@dev", new { atpId = atp, status = "Compounded" });
        await ArtifactAsync("@pm", atp, "IncidentReport", await ReportAsync(incident, "incident"));
        Assert.Equal("Closed", (await ToolAsync("atp_close", "@pm", new { atpId = atp })).Text("status"));
        await InboxAsync("@pm");
        await ToolAsync("atp_set", "@pm", new { atpId = $"{atp}-A1", owner = "@dev" });

        await TellsItAsync(example, declared.Text("id"));
        await InboxAsync("@pm");
        string[] criteria =
        [
            "service-restored", "root-cause", "hotfix-verified", "monitoring-stable", "stakeholders-notified", "incident-report",
            "kb-entry", "action-items",
        ];
        Assert.Equal("closed", (await DoAsync($"{incident}/close", "@pm", new { criteria })).Text("status"));
    }

    /// <summary>The same line is declared in the same way under every policy; only the time to respond differs.</summary>
    [Theory]
    [InlineData(ClockPolicy.Strict, "Production Outage", 15)]
    [InlineData(ClockPolicy.Strict, "Performance Degradation", 30)]
    [InlineData(ClockPolicy.Seed002, "Production Outage", 15)]
    [InlineData(ClockPolicy.Seed002, "Security Breach", 15)]
    [InlineData(ClockPolicy.Seed002, "Performance Degradation", 60)]
    [InlineData(ClockPolicy.Seed003, "Security Breach", 15)]
    [InlineData(ClockPolicy.Seed003, "Performance Degradation", 30)]
    public async Task The_time_to_respond_is_that_of_the_chosen_seed(string clocks, string name, int minutes)
    {
        server = await ServerUnderTest.StartAsync(options => options with { Time = time }, options => options with { Policy = new Policy { Clocks = clocks } });
        var incident = (await server.PostAsync("/api/incidents", "@monitoring", new { text = Examples[name].Line })).Is(HttpStatusCode.Created).Json.Text("id");
        time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        // The assessment's clock is shorter than either: when it has rung, whatever was due is done.
        await Eventually.TrueAsync(async () => (await EscalationsAsync(incident)).Contains("assess"), "the overdue assessment");
        Assert.DoesNotContain("respond", await EscalationsAsync(incident));
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(async () => (await EscalationsAsync(incident)).Contains("respond"), "the escalation");
    }

    private async Task TellsItAsync(Example example, string id)
    {
        var incident = $"/api/incidents/{id}";
        var minutes = 2 + example.Minutes + 10;
        var title = example.Line.Split(": ", 2)[1];
        var line = await ReportAsync(incident, "resolution");
        var expected = $"✅ RESOLVED: {id} - {title}\n- Duration: {minutes} minutes\n- Impact: 500 users\n- Fix: {example.Hotfix}\n";
        Assert.Equal(expected, line[..Math.Min(line.Length, expected.Length)]);
        var found = (await server.GetAsync($"/api/knowledge?q={Uri.EscapeDataString(example.Cause)}")).Items()[0];
        var handoff = await ReportAsync(incident, "handoff");
        Assert.Contains($"- **KB Entry:** {found.Text("id")}", handoff, StringComparison.Ordinal);
        Assert.Contains($"**Severity:** {example.Line.Split(' ')[3].TrimEnd(':')}", handoff, StringComparison.Ordinal);
        Assert.Equal((id, title), (found.GetProperty("entry").Text("incidentId"), found.GetProperty("entry").Text("title").Split(": ", 2)[1]));
        Assert.Contains(example.Compound, found.GetProperty("entry").Text("body"), StringComparison.Ordinal);
        Assert.Contains(example.Cause, await ReportAsync(incident, "incident"), StringComparison.Ordinal);
        var atps = (await server.GetAsync("/api/atps")).Items();
        Assert.Contains(
            atps.SelectMany(atp => atp.List("artifacts")),
            artifact => artifact.List("actionItems").Any(item => item.GetString() == example.Postmortem));
        Assert.Contains(atps, atp => atp.Text("title") == example.Postmortem && atp.Text("type") == "action-item");
    }

    private static string FollowUp(Example example) => string.Join("\n\n", new[]
    {
        ("Timeline", "14:23 first sign"), ("Root cause", example.Cause), ("Impact", "500 users"), ("Resolution", example.Hotfix),
        ("Prevention", example.Compound),
        ("Action items", $"- [ ] {example.Postmortem}"), ("Permanent fix", example.Hotfix), ("Test coverage", "A test"),
        ("Documentation", "The runbook"), ("Process", "An alert"),
    }.Select(section => $"## {section.Item1}\n{section.Item2}"));

    private async Task AcknowledgeAsync(string agent, string atp)
    {
        var directive = (await InboxAsync(agent))
            .List("messages")
            .Last(message => message.Text("atpId") == atp && message.Text("type").EndsWith("Directive", StringComparison.Ordinal));
        await ToolAsync("message_ack", agent, new { messageId = directive.Text("id"), agent });
    }

    private Task<JsonElement> ArtifactAsync(string agent, string atp, string type, string content, string? outcome = null) =>
        ToolAsync("artifact_create", agent, new { atpId = atp, artifactType = type, title = type, content, outcome, persist = "store" });

    private Task<JsonElement> ToolAsync(string tool, string agent, object arguments) => DoAsync($"/api/tools/{tool}", agent, arguments);

    private async Task<JsonElement> DoAsync(string path, string agent, object body) => (await server.PostAsync(path, agent, body)).IsOk().Json;

    private async Task<JsonElement> InboxAsync(string agent) => (await server.GetAsync($"/api/agents/{agent}/inbox", agent)).IsOk().Json;

    private async Task<string> ReportAsync(string incident, string form) => (await server.GetAsync($"{incident}/report?form={form}")).IsOk().Body;

    private async Task<List<string>> EscalationsAsync(string incident) =>
        [.. (await server.GetAsync($"/api/incidents/{incident}")).IsOk().Json.List("escalations").Select(one => one.Text("clock"))];

    /// <summary>One usage example, its eight response lines.</summary>
    private sealed record Example(
        string Line, string Severity, string Category, string Named, string Assess, object Mitigate, string Action, int Minutes, string Cause, string Hotfix,
        string Verify, string Postmortem, string Compound);
}
