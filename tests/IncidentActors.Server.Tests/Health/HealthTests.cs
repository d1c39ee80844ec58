using System.Net;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Health;

/// <summary>Anybody may ask for health, so it says nothing about where the data is.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Health_shows_no_path()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var path in new[] { "/healthz", "/readyz" })
        {
            var reply = (await server.GetAsync(path)).IsOk();
            Assert.Equal("sqlite", reply.Json.Text("journal"));
            Assert.DoesNotContain(server.Data, reply.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_without_its_place()
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Around = journal => new Away(journal) });
        var reply = (await server.GetAsync("/readyz")).Is(HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain("db.internal", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://me:s3cr3t@db:port/incidents")]
    [InlineData("Host=db;Password=ab;s3cr3t;Database=d")]
    public async Task A_malformed_journal_is_told_without_its_password(string journal)
    {
        var failure = await Assert.ThrowsAsync<StartFailure>(() => Journals.OpenAsync(new ServerOptions { Journal = journal }, default));
        Assert.Equal(ExitCode.Arguments, failure.Code);
        Assert.DoesNotContain("s3cr3t", failure.ToString(), StringComparison.Ordinal);
    }

    private sealed class Away(IStore inner) : DelegatingStore(inner)
    {
        public override Task PingAsync(CancellationToken cancel) =>
            throw new JournalUnavailableException("PostgreSQL db.internal:5432/incidents: refused", notApplied: true);
    }
}
