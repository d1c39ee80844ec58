using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Knowledge;

/// <summary>Entries come and go as the files that seed 002 shows.</summary>
public sealed class KnowledgeImportTests : IAsyncLifetime
{
    private const string File = "---\ntitle: \"Pool exhausted\"\ndate: 2026-11-20\ntags: [pool]\n---\n\n## Root Cause\nNever released.\n";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task What_is_exported_is_imported_again_and_changes_nothing()
    {
        Assert.Equal("KB-pool", (await server.PostAsync("/api/knowledge", "@documentation", new { name = "pool.md", text = File })).IsOk().Json.Text("id"));
        var exported = (await server.GetAsync("/api/knowledge/KB-pool/file")).IsOk();
        Assert.Equal("text/markdown", exported.MediaType);
        var again = (await server.PostAsync("/api/knowledge", "@documentation", new { name = "x.md", text = exported.Body })).IsOk().Json;

        Assert.Equal(("KB-pool", 1), (again.Text("id"), again.GetProperty("version").GetInt32()));
        Assert.Equal("KB-pool", (await server.GetAsync("/api/knowledge?q=released")).Items().Single().Text("id"));
    }

    [Fact]
    public async Task What_is_no_entry_is_refused_and_what_is_not_there_is_not_found()
    {
        (await server.PostAsync(
            "/api/knowledge",
            "@documentation",
            new { name = "x.md", text = "---\ndate: soon\n---\n" })).Refused(400, "knowledge.malformed");
        (await server.GetAsync("/api/knowledge/KB-none/file")).Refused(404, "knowledge.unknown");
        (await server.GetAsync("/api/knowledge/KB-none")).Refused(404, "knowledge.unknown");
    }
}
