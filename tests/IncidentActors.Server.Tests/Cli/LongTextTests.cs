using System.Text.Json.Nodes;
using IncidentActors.Cli;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Long texts from files and from standard input.</summary>
public sealed class LongTextTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"long text {Guid.NewGuid():N}.md");

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task A_file_and_standard_input()
    {
        File.WriteAllText(file, "- Fix implemented\n");
        var cli = new CliRun { Input = "- Build passes\n" };
        cli.Server.Answers(Samples.Atp with { MessageId = "msg-AT-1-4" });
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("handoff", "AT-1", "--to", "pm", "--completed", $"@{file}", "--pending", "- Deploy", "--evidence", "-"));
        var sent = JsonNode.Parse(cli.Server.Last.Body!)!;
        Assert.Equal(
            ("- Fix implemented\n", "- Deploy", "- Build passes\n", "@pm", "@pm"),
            ((string?)sent["completedWork"], (string?)sent["pendingWork"], (string?)sent["evidence"], (string?)sent["toAgent"], (string?)sent["fromAgent"]));
        Assert.Contains("msg-AT-1-4", cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@dev please look", "@dev please look")]
    [InlineData("@@dev", "@dev")]
    [InlineData("plain", "plain")]
    public async Task Texts_that_are_no_files(string given, string sent)
    {
        var cli = new CliRun();
        cli.Server.Answers(Samples.Incident);
        await cli.RunAsync("note", "INC-1", given);
        Assert.Equal(sent, (string?)JsonNode.Parse(cli.Server.Last.Body!)!["text"]);
    }
}
