using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Cli;
using IncidentActors.Core.Knowledge;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>The knowledge base from the command line.</summary>
public sealed class KnowledgeVerbTests : IDisposable
{
    private static readonly KnowledgeView Leak = new(
        "KB-2026-01-20-K7M2P", 1,
        new KnowledgeEntry
        {
            Id = "KB-2026-01-20-K7M2P", Title = "P0: Database [pool] exhausted", Priority = "critical", Date = new DateOnly(2026, 1, 20),
            Tags = ["connection-leak", "database"],
            IncidentId = "INC-260120-K7M2P", Body = "## Root Cause\nMissing connection.release()",
        },
        "AT-1", "@dev", CliRun.Now, 7.1);

    private readonly CliRun cli = new() { Input = "## Root Cause\nA leak" };
    private readonly string folder = Directory.CreateTempSubdirectory("knowledge ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Entries_are_searched_for()
    {
        cli.Server.Answers(CliOutputTests.Page(Leak));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("knowledge", "search", "connection", "pool", "--limit", "5"));
        Assert.Equal("/api/knowledge?q=connection%20pool&limit=5", cli.Server.Last.Path);
        Golden.Equal("Golden/knowledge-search.txt", cli.Output);

        cli.Server.Answers(CliOutputTests.Page());
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("knowledge"));
        Assert.Equal("/api/knowledge", cli.Server.Last.Path);
        Assert.Contains("None.", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_is_shown_as_its_file()
    {
        cli.Server.Answers(Leak);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("knowledge", "show", Leak.Id));
        Assert.Equal(KnowledgeFile.Format(Leak.Entry), cli.Output);
        cli.Server.Refuses(HttpStatusCode.NotFound, "knowledge.unknown", "There is no entry of that id.");
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("knowledge", "show", "KB-0"));
    }

    [Fact]
    public async Task One_is_added_with_the_text_of_standard_input()
    {
        cli.Server.Answers(Leak);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync(
            "knowledge", "add", "Pool exhausted", "--text", "-", "--tag", "leak,database", "--priority", "critical", "--incident",
            "INC-260120-K7M2P"));
        var sent = JsonNode.Parse(cli.Server.Last.Body!)!;
        var entry = KnowledgeFile.Parse((string)sent["text"]!, new KnowledgeEntry { Id = "?", Title = "?", Date = default, Body = "" });
        Assert.Equal(
            ("KB-2026-01-26-K7M2P", "KB-2026-01-26-K7M2P.md", "Pool exhausted", "critical"),
            (entry.Id, (string)sent["name"]!, entry.Title, entry.Priority));
        Assert.Equal<IEnumerable<string>>(["leak", "database"], entry.Tags);
        Assert.Equal("## Root Cause\nA leak", entry.Body);
        Assert.Contains("written KB-2026-01-20-K7M2P (version 1)", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_exported_is_imported_again_as_it_was()
    {
        var second = Leak with { Id = "KB-2", Entry = Leak.Entry with { Id = "KB-2" } };
        cli.Server
            .Answers(CliOutputTests.Page(Leak).Replace("\"next\":null", "\"next\":\"c1\"", StringComparison.Ordinal))
            .Answers(CliOutputTests.Page(second));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("knowledge", "export", Path.Combine(folder, "kb")));
        Assert.Equal("/api/knowledge?limit=100&cursor=c1", cli.Server.Last.Path);
        Assert.Contains("2 entries written", cli.Output, StringComparison.Ordinal);

        cli.Server.Answers(Leak).Answers(second);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("knowledge", "import", Path.Combine(folder, "kb")));
        var sent = cli.Server.Requests.Where(request => request.Method == "POST").Select(request => JsonNode.Parse(request.Body!)!).ToList();
        Assert.Equal(["KB-2.md", "KB-2026-01-20-K7M2P.md"], sent.Select(body => (string)body["name"]!).Order());
        Assert.Contains(sent, body => (string)body["text"]! == KnowledgeFile.Format(Leak.Entry));
        Assert.Equal(
            2,
            cli.Server.Requests
                .Where(request => request.Method == "POST")
                .Select(request => request.Headers["Idempotency-Key"])
                .Distinct()
                .Count());
    }

    [Fact]
    public async Task Every_file_is_tried_and_the_first_refusal_is_the_exit_code()
    {
        foreach (var name in (string[])["a.md", "b.md"]) File.WriteAllText(Path.Combine(folder, name), "text");
        cli.Server.Refuses(HttpStatusCode.BadRequest, "knowledge.malformed", "a.md: date is written YYYY-MM-DD.").Answers(Leak);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("knowledge", "import", folder));
        Assert.Equal(2, cli.Server.Requests.Count);
        Assert.Contains("a.md: date", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("knowledge", "import", Path.Combine(folder, "nowhere")));
    }
}
