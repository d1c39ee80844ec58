using IncidentActors.Cli;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Files of one's own: made, checked, and read by the server.</summary>
public sealed class ConfigVerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("config ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("shop\n@ann\n@dev @coder\ncheckout, search\nalertmanager, pagerduty\n", new string[0])]
    [InlineData("", new[] { "--team", "shop", "--people", "ann, ben", "--agents", "dev", "--services", "checkout", "--senders", "pagerduty" })]
    public async Task What_is_made_has_no_problem_and_starts_the_server(string input, string[] options)
    {
        var cli = new CliRun { Input = input };
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync(["config", "init", folder, .. options]));
        var check = new CliRun();
        Assert.True(ExitCodes.Ok == await check.RunAsync("config", "check", folder), check.Error);
        Assert.Contains("no problem, 0 warnings", check.Output, StringComparison.Ordinal);
        var written = IncidentActors.Server.Hosting.CommandLine.Parse([], folder)!;
        string In(string? file) => Path.Combine(folder, file!);
        await using var server = await ServerUnderTest.StartAsync(change: options =>
            options with { Roster = In(written.Roster), Routes = In(written.Routes), Permits = In(written.Permits) });
        var incident = (await server.PostAsync("/api/incidents", "@operator", new { title = "Down", severity = "SEV-1" })).Json;
        Assert.Equal(
            ["shadow"], (await server.GetAsync("/api/halts")).Items().Select(halt => halt.Text("status")).Distinct());
        Assert.StartsWith("INC-", incident.Text("id"), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, await new CliRun().RunAsync(["config", "init", folder, .. options]));
    }

    [Fact]
    public async Task A_problem_has_file_line_and_key_and_a_missing_role_is_a_warning()
    {
        await new CliRun().RunAsync("config", "init", folder);
        var roster = Path.Combine(folder, "roster.yaml");
        await File.WriteAllTextAsync(
            roster, "members:\n  - { handle: \"@ann\", roles: [pm] }\nduties:\n  - { category: data, firstResponders: [\"@bob\"], escalation: [] }\n");
        var cli = new CliRun { Width = 400 };
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("config", "check", folder));
        Assert.Contains($"{roster}:4:", cli.Error, StringComparison.Ordinal);
        Assert.Contains("@bob, who is not a member; members are @ann", cli.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(roster, "members:\n  - { handle: \"@ann\", roles: [pm] }\n");
        cli = new CliRun();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("config", "check", folder));
        Assert.Contains("No member of the roster has the role 'sre'", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_a_flow_needs_and_no_member_has_is_shown_on_the_page_Now()
    {
        var roster = Path.Combine(folder, "roster.yaml");
        await File.WriteAllTextAsync(roster, "members:\n  - { handle: \"@ann\", roles: [pm] }\n");
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Roster = roster });
        Assert.Contains("messages for it go to @sre", (await server.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--people", "@system", "'@system' is not a handle")]
    [InlineData("--senders", "zabbix", "'zabbix' is not alertmanager or pagerduty")]
    public async Task An_answer_that_cannot_be_used_is_a_usage_error(string option, string value, string said)
    {
        var cli = new CliRun();
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("config", "init", folder, option, value));
        Assert.Contains(said, cli.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    public static TheoryData<string> Asking => EveryVerb.Asking;

    [Theory, MemberData(nameof(Asking))]
    public async Task A_bare_verb_is_answered_and_does_not_crash(string path)
    {
        var cli = new CliRun();
        cli.Environment.Remove("INCIDENT_AGENT");
        for (var i = 0; i < 4; i++) cli.Server.Answers("{}", System.Net.HttpStatusCode.NotFound);
        Assert.InRange(await cli.RunAsync(path.Split(' ')[1..]), ExitCodes.Ok, ExitCodes.Unavailable);
    }
}
