using System.Text.Json;
using IncidentActors.Cli;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>What outside texts do to a terminal: nothing; and what a narrow one shows of them.</summary>
public sealed class PlainTextTests
{
    private const string Hostile = "evil \u001b[2J\u001b]0;renamed\a \u009b31m \u202egnihton \b\b\\u001b [bold]kept[/] \U0001F525";

    private readonly CliRun cli = new();

    [Theory]
    [InlineData("list")]
    [InlineData("show", "INC-1")]
    [InlineData("declare", "x", "--severity", "SEV-3")]
    [InlineData("watch", "INC-1")]
    public async Task A_title_does_not_command_the_terminal(params string[] line)
    {
        var incident = Samples.Incident with { Title = Hostile, Atps = [], Halts = [] };
        if (line[0] == "list") cli.Server.Answers(CliOutputTests.Page(incident));
        else cli.Server.Answers(incident).Answers(CliOutputTests.Page(Samples.Note("0.1", 9, "@dev", Hostile))).Answers("{}");
        await cli.RunAsync(line);
        Assert.Contains("evil \uFFFD[2J\uFFFD]0;renamed\uFFFD", cli.Output, StringComparison.Ordinal);
        Assert.Contains("\\u001b [bold]kept[/] \U0001F525", cli.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain(cli.Output, letter => (char.IsControl(letter) && letter != '\n') || letter == '\u202e');
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "INC-1")]
    public async Task A_title_of_many_lines_begins_no_line(params string[] line)
    {
        var incident = Samples.Incident with { Title = "Disk full\nINC-2  SEV-1  resolved", Atps = [], Halts = [] };
        if (line[0] == "list") cli.Server.Answers(CliOutputTests.Page(incident));
        else cli.Server.Answers(incident).Answers(CliOutputTests.Page());
        await cli.RunAsync(line);
        Assert.Contains("full\\nINC-2", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_does_not_either()
    {
        cli.Server.Refuses(System.Net.HttpStatusCode.Conflict, "some.rule", Hostile);
        await cli.RunAsync("note", "INC-1", "x");
        Assert.DoesNotContain(cli.Error, letter => char.IsControl(letter) && letter != '\n');
    }

    [Fact]
    public async Task A_script_gets_what_the_server_sent()
    {
        cli.Server.Answers(Samples.Incident with { Title = Hostile });
        await cli.RunAsync("show", "INC-1", "--json");
        Assert.Equal(Hostile, JsonDocument.Parse(cli.Output).RootElement.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public async Task An_id_is_never_broken(int width)
    {
        var long1 = Samples.Incident with { Title = string.Concat(Enumerable.Repeat("決済ゲートウェイ ", 20)) + new string('x', 70) };
        var narrow = new CliRun { Width = width };
        narrow.Server.Answers(CliOutputTests.Page(Samples.Incident, long1)).Answers(Samples.Inbox);
        await narrow.RunAsync("list");
        Assert.Equal(2, narrow.Output.Split(Samples.Incident.Id).Length - 1);
        await narrow.RunAsync("inbox");
        Assert.Contains(Samples.Inbox.Messages[0].Id, narrow.Output, StringComparison.Ordinal);
        Assert.All(narrow.Output.Split('\n'), line => Assert.InRange(line.Length + line.Count(IsWide), 0, width));

        static bool IsWide(char letter) => letter > '\u2e80' && !char.IsSurrogate(letter);
    }

    [Fact]
    public async Task Eighty_columns_are_enough_for_a_table()
    {
        var usual = new CliRun { Width = 80 };
        usual.Server.Answers(CliOutputTests.Page(Samples.Incident, Samples.Resolved));
        await usual.RunAsync("list");
        Assert.StartsWith("id  ", usual.Output, StringComparison.Ordinal);
    }
}
