using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentActors.Cli;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Json;
using IncidentActors.Core.NextSteps;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Cli;

/// <summary><c>incident next</c> leads from the declaration to the closed postmortem: its commands are run as they are printed.</summary>
public sealed partial class NextTests(Xunit.Abstractions.ITestOutputHelper output) : IAsyncLifetime
{
    private const int MaxCommands = 16;

    private readonly string report = Path.Combine(Directory.CreateTempSubdirectory("next ").FullName, "report.md");
    private ServerUnderTest server = null!;

    /// <summary>As shipped, and a person who accepts work.</summary>
    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync(options => options with
    {
        Roster = new Roster([.. options.Roster.Members, new RosterMember("@ann", null, [Roles.Pm], null, null, Person: true)], options.Roster.Duties),
    });

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(report)!, recursive: true);
    }

    [Theory]
    [InlineData("SEV-1", null)]
    [InlineData("SEV-2", null)]
    [InlineData("SEV-3", null)]
    [InlineData("SEV-1", "critical-response")]
    [InlineData("SEV-1", "emergency-hotfix")]
    public async Task An_incident_is_closed_by_the_commands_that_next_names_and_none_is_refused(string severity, string? flow)
    {
        var body = new Dictionary<string, string> { ["title"] = "Checkout is down", ["severity"] = severity };
        if (flow is not null) body["flow"] = flow;
        var incident = (await server.PostAsync("/api/incidents", "@pm", body)).Is(System.Net.HttpStatusCode.Created).Json.Text("id");
        var commands = new List<string> { "incident declare" };
        var closed = 0;
        while (await NextAsync(incident) is { Actions: [_, ..] } next)
        {
            if (next.Status == "closed" && closed == 0) closed = commands.Count;
            var action = next.Actions.FirstOrDefault(action => action.After is null);
            Assert.True(action is not null, $"everything waits for something else: {string.Join("\n", next.Actions)}");
            await File.WriteAllTextAsync(report, $"## Summary\nWhat was seen.\n\n{string.Join("\n", (action.Sections ?? []).Select(Section))}");
            commands.Add(action.Command);
            var (exit, said) = await RunAsync(action.Who, Words(action.Command.Replace("@report.md", $"@\"{report}\"", StringComparison.Ordinal)));
            Assert.True(exit == ExitCodes.Ok, $"{string.Join("\n", commands)}\nas {action.Who}: {exit}\n{said}");
            Assert.True(commands.Count < 60, string.Join("\n", commands));
        }

        Assert.Equal("closed", (await NextAsync(incident)).Status);
        if (closed == 0) closed = commands.Count;
        if (flow is null) Assert.True(closed <= MaxCommands, $"closed after {closed}:\n{string.Join("\n", commands)}");
        output.WriteLine($"closed after {closed}, everything done after {commands.Count} commands:\n{string.Join("\n", commands)}");
    }

    [Fact]
    public async Task A_refusal_names_the_command_that_meets_its_rule()
    {
        (await server.PostAsync("/api/incidents", "@pm", new { title = "Checkout is down", severity = "SEV-1" })).Is(System.Net.HttpStatusCode.Created);
        var atp = (await server.GetAsync("/api/atps")).Items()[0].Text("id");
        var (exit, said) = await RunAsync("@pm", "atp", "close", atp);
        Assert.Equal(ExitCodes.Refused, exit);
        Assert.Contains($"incident next {atp}", said, StringComparison.Ordinal);
        await RunAsync("@dev", "handoff", atp, "--to", "@pm", "--completed", "the fix", "--pending", "the deployment", "--evidence", "tests pass");
        (exit, said) = await RunAsync("@sre", "atp", "status", atp, "Deployed");
        Assert.Equal(ExitCodes.Refused, exit);
        Assert.Contains("next: incident approve APR-", said, StringComparison.Ordinal);
        Assert.DoesNotContain("approval_decide", said, StringComparison.Ordinal);
        await RunAsync("@pm", [.. Words(NextCommandRow().Match(said).Groups[1].Value)]);
        await RunAsync("@sre", "atp", "status", atp, "Deployed");
        (exit, said) = await RunAsync("@pm", "atp", "close", atp);
        Assert.Equal(ExitCodes.Refused, exit);
        Assert.Contains($"next: incident artifact {atp} PMVerificationReport @report.md", said, StringComparison.Ordinal);
        Assert.DoesNotContain("artifact_create", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_goes_on_after_closing_and_an_agent_begins_a_turn_first()
    {
        await CloseAsync("@ann");
        Assert.Equal(ExitCodes.Ok, (await RunAsync("@ann", "atp", "create", "By a person")).Exit);
        await CloseAsync("@pm");
        var (exit, said) = await RunAsync("@pm", "atp", "create", "By an agent");
        Assert.Equal(ExitCodes.Refused, exit);
        Assert.Contains("incident inbox", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_to_a_command_names_the_next_one()
    {
        var (_, said) = await RunAsync("@pm", "declare", "Checkout is down", "--severity", "SEV-1");
        Assert.Contains("Next: incident next INC-", said, StringComparison.Ordinal);
        var atp = (await server.GetAsync("/api/atps")).Items()[0].Text("id");
        (_, said) = await RunAsync("@dev", "handoff", atp, "--to", "@pm", "--completed", "the fix", "--pending", "the deployment", "--evidence", "tests pass");
        Assert.Contains("Next: incident approve APR-", said, StringComparison.Ordinal);
        Assert.Contains("incident approve APR-", (await RunAsync("@dev", "next", atp)).Said, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, (await RunAsync("@dev", "next", "INC-000000-AAAAA")).Exit);
    }

    [Fact]
    public async Task Work_that_nobody_has_begun_is_taken_up_and_not_closed_as_stale()
    {
        var atp = (await server.PostAsync("/api/tools/atp_create", "@operator", new { title = "A small thing", owner = "@dev" })).IsOk().Json.Text("id");
        Assert.Equal($"incident atp status {atp} InProgress", Assert.Single((await NextAsync(atp)).Actions).Command);
        (await server.PostAsync("/api/tools/atp_change_status", "@dev", new { atpId = atp, status = "Blocked" })).IsOk();
        Assert.Equal($"incident atp status {atp} InProgress", Assert.Single((await NextAsync(atp)).Actions).Command);
        (await server.PostAsync("/api/tools/atp_change_status", "@dev", new { atpId = atp, status = "InProgress" })).IsOk();
        Assert.Equal($"incident atp close {atp}", Assert.Single((await NextAsync(atp)).Actions).Command);
    }

    private async Task CloseAsync(string agent)
    {
        var atp = (await server.PostAsync("/api/tools/atp_create", "@operator", new { title = "A small thing", owner = agent })).IsOk().Json.Text("id");
        (await server.PostAsync("/api/tools/atp_change_status", agent, new { atpId = atp, status = "InProgress" })).IsOk();
        (await server.PostAsync("/api/tools/atp_change_status", agent, new { atpId = atp, status = "Complete" })).IsOk();
        (await server.PostAsync("/api/tools/atp_close", agent, new { atpId = atp })).IsOk();
    }

    private async Task<NextActionsView> NextAsync(string id) => JsonSerializer.Deserialize<NextActionsView>(
        (await server.GetAsync($"/api/{(id.StartsWith("AT-", StringComparison.Ordinal) ? "atps" : "incidents")}/{id}/next")).IsOk().Body, CoreJson.Options)!;

    private async Task<(int Exit, string Said)> RunAsync(string agent, params string[] args)
    {
        var cli = new CliRun { At = server.Address, Width = 400 };
        return (await cli.RunAsync([.. args, "--agent", agent]), cli.Output + cli.Error);
    }

    private static string Section(string heading) => heading switch
    {
        "action items" => "## Action items\n- [ ] Watch the pool (@dev)\n",
        _ when heading.Split(": ") is [var name, var beginning] => $"## {name}\n{beginning}x\n",
        _ => $"## {heading}\nWhat is known of it.\n",
    };

    /// <summary>The words of a command line as a shell reads them, without the program's name.</summary>
    private static string[] Words(string command) =>
        [.. Word().Matches(command).Select(word => word.Value.Replace("\"", "", StringComparison.Ordinal)).SkipWhile(word => word == "incident")];

    [GeneratedRegex("(?:[^\\s\"]|\"[^\"]*\")+")]
    private static partial Regex Word();

    [GeneratedRegex(@"next: (incident approve \S+)")]
    private static partial Regex NextCommandRow();
}
