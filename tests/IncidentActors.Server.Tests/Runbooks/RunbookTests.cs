using System.Net;
using System.Text.Json;
using IncidentActors.Core.Runbooks;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Server.Tests.Runbooks;

/// <summary>Seed 003's rollbacks as runbooks, over HTTP with real processes and a real receiver.</summary>
public sealed class RunbookTests : IAsyncLifetime
{
    private const string Books =
        """
        runbooks:
          - { id: free, parameters: [word], steps: [[printf, "%s\n", "{word}"], ["false"], [printf, never]] }
          - { id: ok, parameters: [word], approval: pm, steps: [[printf, "[%s]", "{word}"]] }
          - { id: slow, within: 1s, steps: [[sleep, "60"]] }
          - { id: absent, steps: [[no-such-program]] }
          - { id: loud, steps: [[seq, "100000"]] }
          - { id: environment, environment: [RUNBOOK_TEST_KUBECONFIG, RUNBOOK_TEST_API_TOKEN], steps: [[env]] }
          - { id: line, steps: [[head, -c, "40000000", /dev/zero], [printf, after]] }
          - { id: moved, webhook: "HOOK/../moved" }
          - { id: hook, parameters: [database], requires: BackupConfirmation, webhook: "HOOK" }
        """;

    private readonly string secret = WebhookSignature.NewSecret();
    private readonly Receiver receiver = new();
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync(
        options =>
            options with { Runbooks = RunbooksYaml.Parse(Books.Replace("HOOK", receiver.Address, StringComparison.Ordinal), "mine.yaml") }, server =>
                server with { RunbookSecret = secret });

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_does_nothing()
    {
        var run = await RunAsync("hook", new { database = "shop" }, dryRun: true);

        Assert.Equal(("succeeded", true), (run.Text("status"), run.GetProperty("dryRun").GetBoolean()));
        Assert.Equal($"would run: POST {receiver.Address} database=shop\n", run.Text("output"));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_value_stays_one_argument_whatever_it_holds()
    {
        var (incident, id) = await ProposeAsync("ok", new { word = "a b; touch /tmp/x && $(id) 'q'" }, dryRun: false);
        (await server.PostAsync($"/api/incidents/{incident}/runs/{id}/start", "@dev", new { })).Refused(409, "runbook.run.status");
        (await server.PostAsync($"/api/incidents/{incident}/runs/{id}/decision", "@dev", new { decision = "approve" })).Refused(403, "runbook.role");
        (await server.PostAsync($"/api/incidents/{incident}/runs/{id}/decision", "@pm", new { decision = "approve" })).IsOk();
        var run = await StartAsync(incident, id);

        Assert.Equal("succeeded", run.Text("status"));
        Assert.EndsWith("\n[a b; touch /tmp/x && $(id) 'q']\n", run.Text("output"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_step_that_fails_ends_it()
    {
        var run = await RunAsync("free", new { word = "x" }, dryRun: false);

        Assert.Equal(("failed", 1), (run.Text("status"), run.GetProperty("exitCode").GetInt32()));
        Assert.Equal("$ printf '%s\n' x\nx\n$ false\n", run.Text("output"));
    }

    [Theory]
    [InlineData("slow", "timed-out", "its time was up")]
    [InlineData("absent", "failed", "no-such-program")]
    [InlineData("loud", "succeeded", "[cut at 65536 characters]")]
    public async Task Time_and_output_are_bounded(string runbook, string status, string output)
    {
        var run = await RunAsync(runbook, new { }, dryRun: false);

        Assert.Equal(status, run.Text("status"));
        Assert.Contains(output, run.Text("output"), StringComparison.Ordinal);
        Assert.InRange(run.Text("output").Length, 1, 66_000);
    }

    [Fact]
    public async Task The_database_runbook_refuses_without_a_backup_confirmation_and_posts_a_signed_request_with_one()
    {
        var (incident, id) = await ProposeAsync("hook", new { database = "shop" }, dryRun: false);
        (await server.PostAsync($"/api/incidents/{incident}/runs/{id}/start", "@dev", new { })).Refused(422, "runbook.evidence.missing");
        var atp = (await server.GetAsync($"/api/incidents/{incident}")).Json.List("atps")[0].GetString();
        (await server.PostAsync(
            "/api/tools/artifact_create",
            "@dev",
            new { atpId = atp, artifactType = "BackupConfirmation", title = "Backup", content = "taken" })).IsOk();
        var run = await StartAsync(incident, id);

        Assert.Equal(("succeeded", 200), (run.Text("status"), run.GetProperty("exitCode").GetInt32()));
        var (headers, body) = Assert.Single(receiver.Requests);
        Assert.True(WebhookSignature.Verify(
            secret, headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body, DateTimeOffset.UtcNow));
        Assert.Equal(("shop", id), (JsonDocument.Parse(body).RootElement.GetProperty("values").Text("database"), headers["webhook-id"]));
    }

    [Fact]
    public async Task A_step_gets_the_variables_that_its_runbook_lists_and_shows_no_secret()
    {
        Environment.SetEnvironmentVariable("RUNBOOK_TEST_KUBECONFIG", "/etc/kube/config");
        Environment.SetEnvironmentVariable("RUNBOOK_TEST_API_TOKEN", "s3cret-of-the-cluster");
        Environment.SetEnvironmentVariable("RUNBOOK_TEST_OTHER", "not-for-runbooks");
        var output = (await RunAsync("environment", new { }, dryRun: false)).Text("output");

        Assert.Contains("PATH=", output, StringComparison.Ordinal);
        Assert.Contains("RUNBOOK_TEST_KUBECONFIG=/etc/kube/config", output, StringComparison.Ordinal);
        Assert.Contains("RUNBOOK_TEST_API_TOKEN=***", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not-for-runbooks", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runbook_cannot_ask_for_the_servers_own_variables() => Assert.Throws<FormatException>(() => RunbooksYaml.Parse(
        "runbooks: [{ id: x, environment: [INCIDENT_JOURNAL], steps: [[env]] }]", "mine.yaml"));

    [Fact]
    public async Task A_line_without_end_is_cut_and_the_next_step_is_heard()
    {
        var run = await RunAsync("line", new { }, dryRun: false);

        Assert.Equal("succeeded", run.Text("status"));
        Assert.Contains("[line cut at 8192 characters]", run.Text("output"), StringComparison.Ordinal);
        Assert.EndsWith("after\n", run.Text("output"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_redirects_has_failed()
    {
        var run = await RunAsync("moved", new { }, dryRun: false);

        Assert.Equal(("failed", 302), (run.Text("status"), run.GetProperty("exitCode").GetInt32()));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_run_is_started_once_and_only_by_those_on_the_incident()
    {
        var (incident, id) = await ProposeAsync("loud", new { }, dryRun: true);
        (await server.PostAsync($"/api/incidents/{incident}/runs/{id}/start", "@stranger", new { })).Refused(403, "incident.role");
        await StartAsync(incident, id);
        (await server.PostAsync($"/api/incidents/{incident}/runs/{id}/start", "@dev", new { })).Refused(409, "runbook.run.status");
        (await server.PostAsync(
            $"/api/incidents/{incident}/runs",
            "@dev",
            new { runbook = "free", values = new { word = "--force" } })).Refused(400, "argument.malformed");
        (await server.PostAsync($"/api/incidents/{incident}/runs", "@dev", new { runbook = "free" })).Refused(400, "argument.missing");
        (await server.PostAsync($"/api/incidents/{incident}/runs", "@dev", new { runbook = "format-disk" })).Refused(404, "runbook.unknown");
    }

    [Fact]
    public async Task They_are_listed() => Assert.Equal(9, (await server.GetAsync("/api/runbooks")).Items().Length);

    private async Task<JsonElement> RunAsync(string runbook, object values, bool dryRun)
    {
        var (incident, id) = await ProposeAsync(runbook, values, dryRun);
        return await StartAsync(incident, id);
    }

    private async Task<(string Incident, string Run)> ProposeAsync(string runbook, object values, bool dryRun)
    {
        var incident = (await server.DeclareAsync("SEV-2", agent: "@dev")).Text("id");
        var view = (await server.PostAsync($"/api/incidents/{incident}/runs", "@dev", new { runbook, values, dryRun })).IsOk().Json;
        return (incident, view.List("runs")[0].Text("id"));
    }

    private async Task<JsonElement> StartAsync(string incident, string run)
    {
        (await server.PostAsync($"/api/incidents/{incident}/runs/{run}/start", "@dev", new { })).IsOk();
        await server.Server.Engine.Runbooks.SettledAsync();
        return (await server.GetAsync($"/api/incidents/{incident}")).Json.List("runs")[0];
    }

    /// <summary>Takes requests and remembers them.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication app;

        public Receiver()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            app = builder.Build();
            app.MapPost("/run", async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                lock (Requests)
                {
                    Requests.Add(
                        (
                            request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
                            body.ToArray()));
                }

                return "restored";
            });
            app.MapPost("/moved", () => Results.Redirect("/run"));
            app.Start();
        }

        public List<(Dictionary<string, string> Headers, byte[] Body)> Requests { get; } = [];

        public string Address => app.Urls.First() + "/run";

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
