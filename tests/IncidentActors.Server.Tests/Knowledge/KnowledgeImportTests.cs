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

    /// <summary>Seed 002 §9: what is learned is written while the incident's halt is still active.</summary>
    [Fact]
    public async Task Under_the_halt_of_an_incident_its_responders_write_its_entry_and_nobody_else_does()
    {
        var id = (await server.DeclareAsync("SEV-1", "Pool exhausted")).Text("id");
        var mine = new { name = "pool.md", text = File.Replace("tags:", $"incident_id: {id}\ntags:", StringComparison.Ordinal) };
        (await server.PostAsync("/api/knowledge", "@qa", mine)).Refused(423, "halt.covers");
        (await server.PostAsync("/api/knowledge", "@dev", new { name = "other.md", text = File })).Refused(423, "halt.covers");
        (await server.PostAsync("/api/knowledge", "@dev", mine)).IsOk();
        Assert.Equal(id, (await server.GetAsync("/api/knowledge/KB-pool")).IsOk().Json.GetProperty("entry").Text("incidentId"));
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
