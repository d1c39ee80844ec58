using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>What people see, word for word; and what scripts get.</summary>
public sealed class CliOutputTests
{
    private readonly CliRun cli = new();

    [Fact]
    public async Task A_list_of_incidents()
    {
        cli.Server.Answers(Page(Samples.Incident, Samples.Resolved));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("list", "--status", "open"));
        Assert.Equal("/api/incidents?status=open", cli.Server.Last.Path);
        Golden.Equal("Golden/list.txt", cli.Output);
    }

    [Fact]
    public async Task An_incident_with_the_end_of_its_timeline()
    {
        var events = Enumerable.Range(1, 12)
            .Select(number => Samples.Note($"0.{number}", 360 - number, "@dev", $"look [{number}]"))
            .ToArray();
        cli.Server.Answers(Samples.Incident).Answers(Samples.Halt with { Mode = HaltMode.Shadow }).Answers(Page(events));
        await cli.RunAsync("show", Samples.Incident.Id, "--timeline", "3");
        Golden.Equal("Golden/show.txt", cli.Output);
    }

    [Fact]
    public async Task A_declaration()
    {
        cli.Server.Answers(Samples.Incident with { Created = true }, System.Net.HttpStatusCode.Created).Answers(Samples.Halt);
        await cli.RunAsync("declare", "Checkout is down", "--severity", "SEV-1", "--started", "10m", "--label", "service=checkout");
        Assert.Equal($"/api/halts/{Samples.Incident.Halts[0]}", cli.Server.Last.Path);
        Assert.Equal(
            """{"title":"Checkout is down","severity":"SEV-1","startedAt":"2026-01-26T03:10:00Z","labels":{"service":"checkout"}}""",
            cli.Server.Requests[0].Body);
        Golden.Equal("Golden/declare.txt", cli.Output);
    }

    [Fact]
    public async Task The_command_line_of_seed_002_is_sent_as_it_is()
    {
        cli.Server.Answers(Samples.Incident with { Halts = [] });
        await cli.RunAsync("declare", "@DEV /emergency - P0: Payment gateway returning 500 errors");
        Assert.Equal("@DEV /emergency - P0: Payment gateway returning 500 errors", (string?)JsonNode.Parse(cli.Server.Last.Body!)!["text"]);
    }

    [Fact]
    public async Task An_atp()
    {
        cli.Server.Answers(Samples.Atp);
        await cli.RunAsync("atp", "show", Samples.Atp.Id);
        Golden.Equal("Golden/atp-show.txt", cli.Output);
    }

    [Fact]
    public async Task A_group_alone_lists()
    {
        cli.Server.Answers(Page(Samples.Atp));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("atp"));
        Assert.Equal(("/api/tools/atp_list", "{}"), (cli.Server.Last.Path, cli.Server.Last.Body));
    }

    [Fact]
    public async Task An_inbox_under_a_halt()
    {
        cli.Server.Answers(Samples.Inbox);
        await cli.RunAsync("inbox", "--agent", "dev");
        Assert.Equal("/api/agents/@dev/inbox", cli.Server.Last.Path);
        Assert.Equal("@dev", cli.Server.Last.Headers["X-Agent"]);
        Golden.Equal("Golden/inbox.txt", cli.Output);
    }

    [Fact]
    public async Task The_state_of_a_halt()
    {
        cli.Server.Answers(Page(Samples.Halt));
        await cli.RunAsync("halt", "status");
        Golden.Equal("Golden/halt-status.txt", cli.Output);
    }

    [Fact]
    public async Task Approvals_that_wait()
    {
        cli.Server.Answers(Page(Samples.Approval));
        await cli.RunAsync("approvals");
        Assert.Equal("/api/approvals?state=open", cli.Server.Last.Path);
        Golden.Equal("Golden/approvals.txt", cli.Output);
    }

    [Fact]
    public async Task A_flow_without_a_server()
    {
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("flows", "show", "emergency"));
        Assert.Empty(cli.Server.Requests);
        Golden.Equal("Golden/flows-show.txt", cli.Output);
    }

    [Fact]
    public async Task Flow_files_are_checked_without_a_server()
    {
        var broken = SourceTree.Path("tests", "IncidentActors.Core.Tests", "Flows", "Broken");
        var files = Directory.GetFiles(broken, "*.yaml")
            .Order(StringComparer.Ordinal)
            .Take(6)
            .Select(file => Path.GetRelativePath(Environment.CurrentDirectory, file))
            .ToArray();
        var scripted = new CliRun();
        Assert.Equal(ExitCodes.Refused, await scripted.RunAsync(["flows", "check", .. files, "--json"]));
        var problems = JsonDocument.Parse(scripted.Output).RootElement.GetProperty("problems").EnumerateArray().ToList();
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync(["flows", "check", .. files]));
        Assert.Empty(cli.Server.Requests);
        Assert.Equal(cli.Output.Trim().Split('\n').Length, problems.Count);
        Assert.All(problems, problem => Assert.Contains($": {problem.GetProperty("rule").GetString()}: ", cli.Output, StringComparison.Ordinal));
        Golden.Equal("Golden/flows-check.txt", string.Join(
            '\n', cli.Output.Split('\n').Select(line => line[Math.Max(0, line.LastIndexOf("Broken/", StringComparison.Ordinal))..])));
    }

    [Fact]
    public async Task Every_broken_flow_is_refused_for_its_own_reason()
    {
        var reasons = new HashSet<string>();
        foreach (var file in Directory.GetFiles(SourceTree.Path("tests", "IncidentActors.Core.Tests", "Flows", "Broken"), "*.yaml"))
        {
            var check = new CliRun();
            Assert.Equal(ExitCodes.Refused, await check.RunAsync("flows", "check", file));
            var breaks = (await File.ReadAllLinesAsync(file))[0]["# breaks ".Length..].Split(", ");
            Assert.All(breaks, rule => Assert.Contains($": {rule}: ", check.Output, StringComparison.Ordinal));
            Assert.All(
                check.Output.Trim().Split('\n'),
                line => Assert.Contains(
                    breaks,
                    rule => line.StartsWith(file, StringComparison.Ordinal) && line.Contains($": {rule}: ", StringComparison.Ordinal)));
            if (breaks is [var one]) reasons.Add(one);
        }

        Assert.True(reasons.Count >= 20, $"{reasons.Count} reasons");
        foreach (var shipped in Directory.GetFiles(SourceTree.Path("src", "IncidentActors.Core", "Flows", "Shipped"), "*.yaml"))
            Assert.Equal(ExitCodes.Ok, await new CliRun().RunAsync("flows", "check", shipped));
    }

    [Fact]
    public async Task Json_is_the_servers_own_and_nothing_else()
    {
        const string body = """{ "items": [ {"id":"INC-1","unknown":"ünïcode"} ],  "next": null }""";
        cli.Server.Answers(body);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("list", "--json"));
        Assert.Equal(body + "\n", cli.Output);
        Assert.Equal("\n", cli.Error);
    }

    [Fact]
    public async Task Json_of_a_refusal_is_the_problem_and_the_sentence_goes_to_standard_error()
    {
        cli.Server.Refuses(System.Net.HttpStatusCode.Conflict, "incident.status", "INC-1 is closed.");
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("note", "INC-1", "late", "--json"));
        Assert.Equal("incident.status", ((string?)JsonNode.Parse(cli.Output)!["type"])!.Split('/')[^1]);
        Assert.Contains("INC-1 is closed.", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_verb_has_help_that_fits()
    {
        foreach (var verb in (string[])["declare", "resolve", "halt", "atp set", "artifact", "drill", "completion"])
            Assert.Equal(ExitCodes.Ok, await cli.RunAsync([.. verb.Split(' '), "--help"]));
        Assert.Contains("error-rate, metrics, user-reports, no-new-issues", cli.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("halt", "rehearse", "--help"));
        Assert.Contains(" halt rehearse [options]", cli.Output, StringComparison.Ordinal);
    }

    internal static string Page(params object[] items) =>
        new JsonObject
        {
            ["items"] = new JsonArray([.. items.Select(item => item as JsonNode ?? JsonSerializer.SerializeToNode(item, item.GetType(), CoreJson.Views))]),
            ["next"] = null,
        }.ToJsonString();
}
