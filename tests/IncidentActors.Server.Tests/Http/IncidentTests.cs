using System.Net;
using System.Text.Json;

namespace IncidentActors.Server.Tests.Http;

public sealed class IncidentTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Declaring_answers_201_with_the_place_and_the_view()
    {
        var reply = await server.PostAsync("/api/incidents", "@pm", new
        {
            title = "Checkout answers 500",
            severity = "critical",
            category = "financial",
            description = "All regions",
            startedAt = "2026-01-26T14:23:00+02:00",
            labels = new { service = "checkout" },
        });
        var view = reply.Is(HttpStatusCode.Created).Json;
        Assert.Equal($"/api/incidents/{view.Text("id")}", reply.Location);
        Assert.Equal(("SEV-1", "financial", "declared", "@pm"), (view.Text("severity"), view.Text("category"), view.Text("status"), view.Text("commander")));
        Assert.Equal(new DateTimeOffset(2026, 1, 26, 12, 23, 0, TimeSpan.Zero), view.GetProperty("startedAt").GetDateTimeOffset());
        Assert.Equal("checkout", view.GetProperty("labels").Text("service"));
        string[] promised =
        [
            "id", "version", "severity", "category", "status", "title", "commander", "responders", "atps", "halts", "startedAt",
            "detectedAt", "declaredAt", "acknowledgedAt", "mitigatedAt", "resolvedAt", "closedAt", "similar",
        ];
        var found = (await server.GetAsync(reply.Location!)).IsOk().Json;
        Assert.All(promised, name => Assert.True(found.TryGetProperty(name, out _), name));
        Assert.Single(found.List("atps"));
        Assert.Single(found.List("halts"));
    }

    [Theory]
    [InlineData("@DEV /emergency - P0: Payment gateway returning 500 errors", "SEV-1", "@dev", "Payment gateway returning 500 errors")]
    [InlineData("@SECA /emergency - P0: SQL injection vulnerability actively exploited", "SEV-1", "@seca", "SQL injection vulnerability actively exploited")]
    [InlineData("@DEV /emergency - P1: API response time increased from 200ms to 5s", "SEV-2", "@dev", "API response time increased from 200ms to 5s")]
    [InlineData("@DEV /emergency - [P2] Report is late", "SEV-3", "@dev", "Report is late")]
    [InlineData("@owen /emergency SEV-1: everything is down: all of it", "SEV-1", "@owen", "everything is down: all of it")]
    [InlineData("  @dev /EMERGENCY - critical - disk full", "SEV-1", "@dev", "disk full")]
    [InlineData("@dev /emergency - severity 2: slow", "SEV-2", "@dev", "slow")]
    public async Task The_command_line_of_seed_002_declares(string text, string severity, string directed, string title)
    {
        var view = (await server.PostAsync("/api/incidents", "@pm", new { text })).Is(HttpStatusCode.Created).Json;
        Assert.Equal((severity, title, "command"), (view.Text("severity"), view.Text("title"), view.Text("source")));
        Assert.Contains(view.List("responders"), responder => responder.Text("handle") == directed);
    }

    [Theory]
    [InlineData("🚨")]
    [InlineData("👩‍👩‍👧‍👦")]
    [InlineData("e\u0301")]
    public async Task A_title_that_is_too_long_is_cut_between_two_characters(string element)
    {
        var title = "x" + string.Concat(Enumerable.Repeat(element, 200));
        var view = (await server.PostAsync("/api/incidents", "@pm", new { text = $"@DEV /emergency - P1: {title}" })).Is(HttpStatusCode.Created).Json;
        var kept = view.Text("title")!;
        Assert.Equal("x" + string.Concat(Enumerable.Repeat(element, (300 - 1) / element.Length)), kept);
    }

    [Theory]
    [InlineData("""{"text":"something is broken"}""", "argument.malformed")]
    [InlineData("""{"text":"@DEV /emergency - P7: x"}""", "argument.malformed")]
    [InlineData("""{"text":"@DEV /emergency - P0: x","title":"y"}""", "argument.malformed")]
    [InlineData("""{"title":"x"}""", "argument.missing")]
    [InlineData("""{"severity":"P0"}""", "argument.missing")]
    [InlineData("""{"title":"   ","severity":"P0"}""", "argument.missing")]
    [InlineData("""{"title":"x","severity":"P9"}""", "argument.malformed")]
    [InlineData("""{"title":"x","severity":"P0","category":"weather"}""", "argument.malformed")]
    [InlineData("""{"title":"x","severity":"P0","startedAt":"yesterday"}""", "argument.malformed")]
    [InlineData("""{"title":"x","severity":"P0","labels":{"a":{"b":1}}}""", "argument.malformed")]
    [InlineData("""{"title":"x","severity":"P0","colour":"red"}""", "argument.unknown")]
    public async Task A_declaration_that_is_not_one_is_refused_and_declares_nothing(string body, string rule)
    {
        var end = await server.EndAsync();
        (await server.PostAsync("/api/incidents", "@pm", body)).Refused(400, rule);
        Assert.Equal(end, await server.EndAsync());
    }

    [Fact]
    public async Task A_start_in_the_future_is_refused_by_its_rule() =>
        (await server.PostAsync(
            "/api/incidents",
            "@pm",
            new { title = "x", severity = "P2", startedAt = DateTimeOffset.UtcNow.AddHours(1) })).Refused(422, "incident.times");

    [Fact]
    public async Task The_whole_life_of_an_incident()
    {
        var id = (await server.DeclareAsync()).Text("id");
        var path = $"/api/incidents/{id}";
        Assert.NotEqual(
            JsonValueKind.Null,
            (await server.PostAsync($"{path}/acknowledge", "@pm", new { notes = "on it" }))
                .IsOk().Json
                .GetProperty("acknowledgedAt").ValueKind);
        var assessed = (await server.PostAsync(
            $"{path}/assess",
            "@pm",
            new
            {
                broken = "search", usersAffected = "500", since = "14:23", changed = "a deployment", checks = new[] { "monitoring" },
            })).IsOk().Json;
        Assert.Equal("assessing", assessed.Text("status"));
        (await server.PostAsync($"{path}/note", "@qa", new { text = "seen it too" })).IsOk();
        (await server.PostAsync($"{path}/responders", "@pm", new { handle = "DEV", role = "dev" })).IsOk();
        Assert.Equal("mitigating", (await server.PostAsync($"{path}/mitigate", "@pm", new { scenario = "bad-deployment" })).IsOk().Json.Text("status"));
        Assert.Equal("monitoring", (await server.PostAsync($"{path}/mitigate", "@pm", new { done = true })).IsOk().Json.Text("status"));
        var open = (await server.PostAsync($"{path}/resolve", "@pm", new { verified = new[] { "metrics" } })).Refused(422, "incident.checklist.open");
        Assert.Equal(3, open.List("allowed").Length);
        Assert.Equal(
            "resolved",
            (await server.PostAsync(
                $"{path}/resolve",
                "@pm",
                new
                {
                    summary = "rolled back",
                    fix = "rollback",
                    verified = new[] { "error-rate", "metrics", "user-reports", "no-new-issues" },
                }))
                .IsOk().Json
                .Text("status"));
        Assert.Equal("assessing", (await server.PostAsync($"{path}/reopen", "@pm", new { reason = "came back" })).IsOk().Json.Text("status"));
        string[] verified = ["error-rate", "metrics", "user-reports", "no-new-issues"];
        (await server.PostAsync($"{path}/resolve", "@pm", new { verified })).Refused(422, "incident.fix.missing");
        (await server.PostAsync($"{path}/resolve", "@pm", new { verified, noFix = "it was the monitor" })).IsOk();
        Assert.Equal("closed", (await server.PostAsync($"{path}/close", "@pm", new { overrideReason = "small" })).IsOk().Json.Text("status"));

        var again = (await server.PostAsync($"{path}/reopen", "@pm", new { reason = "again" })).Refused(409, "incident.status");
        Assert.Equal("closed", again.GetProperty("current").Text("status"));
        var names = (await server.GetAsync($"{path}/timeline")).Items().Select(one => one.Text("name")).ToList();
        Assert.Equal("incident.declared.v1", names[0]);
        Assert.Contains("incident.noted.v1", names);
        Assert.Contains("incident.closed.v1", names);
        var report = (await server.GetAsync($"{path}/report")).IsOk();
        Assert.Equal("text/markdown", report.MediaType);
        Assert.StartsWith($"# Incident Report: {id}", report.Body, StringComparison.Ordinal);
        Assert.Contains("[missing:", report.Body, StringComparison.Ordinal);
        (await server.GetAsync($"{path}/report?form=poem")).Refused(400, "argument.malformed");
    }

    [Fact]
    public async Task Severity_is_lowered_by_the_commander_only()
    {
        var id = (await server.DeclareAsync("P2")).Text("id");
        (await server.PostAsync($"/api/incidents/{id}/severity", "@dev", new { severity = "P3" })).Refused(403, "incident.severity.lowered");
        Assert.Equal(
            "SEV-4",
            (await server.PostAsync($"/api/incidents/{id}/severity", "@pm", new { severity = "low", reason = "one user" }))
                .IsOk().Json
                .Text("severity"));
        (await server.PostAsync($"/api/incidents/{id}/commander", "@pm", new { handle = "@sre" })).IsOk();
        (await server.PostAsync($"/api/incidents/{id}/cancel", "@sre", new { reason = "a test" })).IsOk();
    }

    [Fact]
    public async Task Each_command_takes_its_own_arguments_only()
    {
        var id = (await server.DeclareAsync()).Text("id");
        var refused = (await server.PostAsync($"/api/incidents/{id}/note", "@pm", new { broken = "x" })).Refused(400, "argument.unknown");
        Assert.Equal("text", refused.List("allowed")[0].GetString());
        Assert.DoesNotContain("broken", refused.List("allowed").Select(name => name.GetString()));
        (await server.PostAsync($"/api/incidents/{id}/note", "@pm", new { text = "" })).Refused(400, "argument.missing");
        (await server.PostAsync("/api/tools/incident_update", "@pm", new { incidentId = id, command = "note", broken = "x" })).Refused(400, "argument.unknown");
        (await server.PostAsync("/api/tools/incident_update", "@pm", new { incidentId = id, command = "dance" })).Refused(400, "argument.malformed");
        (await server.PostAsync("/api/incidents/INC-1/note", "@pm", new { text = "x" })).Refused(404, "incident.unknown");
        (await server.GetAsync("/api/incidents/INC-1")).Refused(404, "incident.unknown");
        (await server.GetAsync("/api/incidents/INC-1/timeline")).Refused(404, "incident.unknown");
        (await server.GetAsync("/api/incidents/INC-1/report")).Refused(404, "incident.unknown");
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged()
    {
        for (var i = 0; i < 5; i++) await server.DeclareAsync(i % 2 == 0 ? "SEV-3" : "SEV-4", $"Thing {i}");
        Assert.Equal(["SEV-3", "SEV-3", "SEV-3", "SEV-4", "SEV-4"], (await server.GetAsync("/api/incidents")).Items().Select(one => one.Text("severity")));
        Assert.Equal(2, (await server.GetAsync("/api/incidents?severity=low&status=declared")).Items().Length);
        Assert.Empty((await server.GetAsync("/api/incidents?status=closed")).Items());
        var titles = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await server.GetAsync("/api/incidents?limit=2" + (cursor is null ? "" : $"&cursor={cursor}"))).IsOk().Json;
            titles.AddRange(page.List("items").Select(one => one.Text("title")));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        Assert.Equal(5, titles.Distinct().Count());
        (await server.GetAsync("/api/incidents?status=lost")).Refused(400, "argument.malformed");
        (await server.GetAsync("/api/incidents?severity=lost")).Refused(400, "argument.malformed");
        (await server.GetAsync("/api/incidents?limit=0")).Refused(400, "argument.malformed");
        (await server.GetAsync("/api/incidents?cursor=lost")).Refused(400, "argument.malformed");
    }
}
