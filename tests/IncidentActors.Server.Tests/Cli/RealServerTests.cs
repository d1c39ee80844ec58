using System.Text.Json;
using IncidentActors.Cli;
using IncidentActors.Core.Runbooks;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>The command line and the server together: what one sends the other takes, and what one answers the other shows.</summary>
public sealed class RealServerTests : IAsyncLifetime
{
    private const string Books =
        """
        runbooks:
          - { id: say, parameters: [word], approval: pm, steps: [[printf, "said %s", "{word}"]] }
          - { id: fail, steps: [["false"]] }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("cli ").FullName;
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() =>
        server = await ServerUnderTest.StartAsync(options => options with { Runbooks = RunbooksYaml.Parse(Books, "mine.yaml") });

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_runbook_is_tried_proposed_approved_and_run()
    {
        var incident = (await server.DeclareAsync("SEV-2", agent: "@dev")).Text("id");
        Assert.Contains("say", await SaysAsync("@dev", "runbook", "list"), StringComparison.Ordinal);
        Assert.Contains(
            "would run: printf 'said %s' 'a b'",
            await SaysAsync("@dev", "runbook", "dry-run", incident, "say", "--value", "word=a b"),
            StringComparison.Ordinal);
        await SaysAsync("@dev", "runbook", "propose", incident, "say", "--value", "word=a b");
        var run = (await server.GetAsync($"/api/incidents/{incident}")).Json.List("runs")[1].Text("id");
        await EndsAsync(ExitCodes.Refused, "@dev", "runbook", "approve", incident, run);
        Assert.Contains("approved", await SaysAsync("@pm", "runbook", "approve", incident, run), StringComparison.Ordinal);
        Assert.Contains("said a b", await SaysAsync("@dev", "runbook", "run", incident, run), StringComparison.Ordinal);
        await EndsAsync(ExitCodes.Refused, "@dev", "runbook", "run", incident, run);
        Assert.Contains("succeeded", await SaysAsync("@dev", "runbook", "show", incident, run), StringComparison.Ordinal);

        await SaysAsync("@dev", "runbook", "propose", incident, "fail");
        var failing = (await server.GetAsync($"/api/incidents/{incident}")).Json.List("runs")[2].Text("id");
        Assert.Contains("exit code  1", await EndsAsync(ExitCodes.Refused, "@dev", "runbook", "run", incident, failing), StringComparison.Ordinal);
        await EndsAsync(ExitCodes.NotFound, "@dev", "runbook", "dry-run", incident, "format-disk");
    }

    [Fact]
    public async Task Knowledge_is_added_found_exported_and_imported_elsewhere()
    {
        for (var i = 0; i < 120; i++)
        {
            (await server.PostAsync(
                "/api/knowledge",
                "@documentation",
                new { name = $"KB-{i}.md", text = $"---\ntitle: \"Thing {i}\"\ntags: [thing{i}]\n---\n\nBody\n" })).IsOk();
        }

        await SaysAsync("@dev", "knowledge", "add", "Pool exhausted", "--text", "## Root Cause\nNever released", "--tag", "pool");
        Assert.Contains("Pool exhausted", await SaysAsync("@dev", "knowledge", "search", "released"), StringComparison.Ordinal);
        Assert.Contains("121 entries written", await SaysAsync("@dev", "knowledge", "export", folder), StringComparison.Ordinal);
        var told = JsonDocument.Parse(await SaysAsync("@dev", "knowledge", "export", folder, "--json")).RootElement;
        Assert.Equal(121, told.GetProperty("entries").GetInt32());

        await using var other = await ServerUnderTest.StartAsync();
        var cli = new CliRun { At = other.Address };
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("knowledge", "import", folder, "--agent", "@documentation"));
        var again = Path.Combine(folder, "again");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("knowledge", "export", again));
        var files = Directory.GetFiles(folder, "*.md").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(121, files.Count);
        Assert.Equal(files, Directory.GetFiles(again, "*.md").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(folder, file)), File.ReadAllText(Path.Combine(again, file))));
    }

    [Theory]
    [InlineData("incident", "# Incident Report: ")]
    [InlineData("resolution", "⏳ NOT RESOLVED: ")]
    [InlineData("chatroom", "[TASK_ID]: INCIDENT-")]
    [InlineData("handoff", "### /emergency Complete: ")]
    [InlineData("knowledge", "---\nid: KB-")]
    public async Task Every_report_is_printed_as_it_is_served_and_what_is_missing_is_listed(string form, string beginning)
    {
        var incident = (await server.DeclareAsync("SEV-2", agent: "@dev")).Text("id");
        var cli = new CliRun { At = server.Address };
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("report", incident, "--form", form));
        Assert.StartsWith(beginning, cli.Output, StringComparison.Ordinal);
        Assert.Equal((await server.GetAsync($"/api/incidents/{incident}/report?form={form}")).IsOk().Body.TrimEnd(), cli.Output.TrimEnd());
        Assert.Contains("impact", cli.Error, StringComparison.Ordinal);
        Assert.Equal(
            cli.Error.ReplaceLineEndings(" ").Split("Missing, because the journal does not contain it: ")[1].Split(". ")[0].Split(", ").Order(),
            Marked(cli.Output).Order());

        static IEnumerable<string> Marked(string report) =>
            report.Split("[missing: ").Skip(1).Select(part => part[..part.IndexOf(']', StringComparison.Ordinal)]).Distinct();
    }

    [Fact]
    public async Task The_owner_goes_past_a_halt_and_a_flow_with_a_reason_that_is_recorded()
    {
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "AT-1", notes = "a thing" })).IsOk();
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" })).Is(System.Net.HttpStatusCode.Created);
        await EndsAsync(ExitCodes.Refused, "@jonny", "atp", "status", "AT-1", "Closed");
        await EndsAsync(ExitCodes.Halted, "@jonny", "atp", "status", "AT-1", "InProgress");
        await EndsAsync(ExitCodes.Refused, "@dev", "atp", "status", "AT-1", "Closed", "--owner-override", "I want it");
        await SaysAsync("@jonny", "atp", "status", "AT-1", "Closed", "--owner-override", "we do not need it any more");
        var atp = (await server.GetAsync("/api/atps/AT-1")).IsOk().Json;
        Assert.Equal("Closed", atp.Text("status"));
        Assert.Equal("we do not need it any more", atp.List("overrides")[0].Text("reason"));
    }

    [Fact]
    public async Task An_incident_is_acknowledged_and_the_figures_know_it()
    {
        var incident = (await server.DeclareAsync("SEV-2", agent: "@dev")).Text("id");
        await SaysAsync("@dev", "acknowledge", incident, "--notes", "on it");
        Assert.Equal(JsonValueKind.String, (await server.GetAsync($"/api/incidents/{incident}")).Json.GetProperty("acknowledgedAt").ValueKind);
        var shown = await SaysAsync("@dev", "metrics", "--figure", "mtta");
        Assert.Contains("1 incident\n", shown, StringComparison.Ordinal);
        Assert.Contains("Mean time to acknowledge, by severity", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_follows_reads_sentences_and_no_names_of_events()
    {
        var incident = (await server.DeclareAsync("SEV-1", agent: "@dev")).Text("id");
        await SaysAsync("@dev", "acknowledge", incident, "--notes", "on it");
        var shown = await SaysAsync("@dev", "show", incident, "--timeline", "100");
        var feed = await SaysAsync("@dev", "events", "--after", "start", "--count", $"{shown.Split("Z  @").Length - 1}");
        Assert.All([shown, feed], text =>
        {
            Assert.Contains($"{incident} declared, SEV-1: ", text, StringComparison.Ordinal);
            Assert.Contains("HALT HLT-", text, StringComparison.Ordinal);
            Assert.Contains("EmergencyDirective from @system to @dev: ", text, StringComparison.Ordinal);
            Assert.DoesNotContain(".v1", text, StringComparison.Ordinal);
        });
        Assert.Contains("Acknowledged by @dev: on it", shown, StringComparison.Ordinal);
    }

    private Task<string> SaysAsync(string agent, params string[] args) => EndsAsync(ExitCodes.Ok, agent, args);

    private async Task<string> EndsAsync(int exit, string agent, params string[] args)
    {
        var cli = new CliRun { At = server.Address };
        var ended = await cli.RunAsync([.. args, "--agent", agent]);
        Assert.True(exit == ended, $"{string.Join(' ', args)}: {ended} instead of {exit}\n{cli.Output}{cli.Error}");
        return cli.Output;
    }
}
