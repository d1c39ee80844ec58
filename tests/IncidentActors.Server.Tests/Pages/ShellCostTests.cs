using System.Net;
using IncidentActors.Server.Tests.Http;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>What stands around every page costs the same however many agents there are: it reads none of them.</summary>
public sealed class ShellCostTests
{
    [Fact]
    public async Task A_page_under_a_halt_reads_no_agent()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var agent in new[] { "@dev", "@qa" }) (await server.GetAsync($"/api/agents/{agent}/inbox", agent)).IsOk();
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "Somebody leaks a key" })).Is(HttpStatusCode.Created);
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        Assert.Contains("0 of 2 agents confirmed", await visitor.GetAsync("/halts"), StringComparison.Ordinal);

        // From now on whoever reads any agent fails.
        await SpoilAsync(server, "agent");

        var page = await visitor.GetAsync("/flows");
        Assert.Contains("Somebody leaks a key", page, StringComparison.Ordinal);
        Assert.Contains("in force", page, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => visitor.GetAsync("/halts"));
    }

    [Fact]
    public async Task Several_halts_are_counted_each_for_itself()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var agent in new[] { "@dev", "@qa", "@sre" }) (await server.GetAsync($"/api/agents/{agent}/inbox", agent)).IsOk();
        foreach (var scope in new[] { "all", "agent:@qa" })
            (await server.PostAsync("/api/halts", "@operator", new { scope, reason = "Stop" })).Is(HttpStatusCode.Created);
        (await server.PostAsync("/api/tools/inbox", "@qa", new { })).IsOk();

        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        var page = await visitor.GetAsync("/halts");
        Assert.Contains("1 of 1 nodes, 1 of 3 agents confirmed", page, StringComparison.Ordinal);
        Assert.Contains("1 of 1 nodes, 1 of 1 agents confirmed", page, StringComparison.Ordinal);
    }

    private static async Task SpoilAsync(ServerUnderTest server, string kind)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(server.Data, "journal.db")};Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "update actors set document = '{}' where kind = $kind";
        command.Parameters.AddWithValue("$kind", kind);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }
}
