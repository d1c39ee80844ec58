using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Knowledge;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Knowledge;

public sealed class KnowledgeBaseTests : IAsyncDisposable
{
    private const string Entry =
        """
        ---
        title: "P0: Payment Gateway 500 Errors"
        tags: [incident, payment, p0]
        ---
        ## Root Cause
        A connection was never released.
        ## Resolution
        Restarted.
        ## Prevention
        A test for leaks.
        """;

    private readonly TestEngine engine = new();

    private KnowledgeBase Base => new(engine.Turns, engine.Actors);

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task An_entry_is_committed_with_its_artifact_and_a_later_incident_is_known_as_a_repeat()
    {
        var first = await DeclareAsync("Payment gateway returning 500 errors");
        Assert.Empty(first.Similar);
        await OkAsync(engine.Atp("AT-KB").DoAsync(new CreateAtp("Write it down", Flow: "standard", IncidentId: first.Id), By("@dev")));
        var answer = await OkAsync(engine.Atp("AT-KB").DoAsync(new CreateArtifact("KnowledgeEntry", "KB", Entry), By("@dev")));

        var second = await DeclareAsync("Payment gateway: 500 errors again");
        var similar = Assert.Single(second.Similar);
        Assert.Equal((answer.Answer.GetProperty("knowledgeId").GetString(), first.Id, true), (similar.Id, similar.IncidentId, similar.Repeat));
        Assert.Equal("AT-KB", (await Base.GetAsync(similar.Id, default))!.AtpId);
        Assert.Contains((await new Dossiers(engine.Turns).ReadAsync(first.Id, default))!.Timeline, one => one.Actor == ActorId.Knowledge(similar.Id));
        var metrics = await new Engine.Metrics.MetricsReader(engine.Turns).ReadAsync(default);
        Assert.Equal(1, metrics.Metrics.Single(metric => metric.Id == "repeats").Value);
        Assert.Equal(0, metrics.Metrics.Single(metric => metric.Id == "prevention").Value);
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_is_refused_and_nothing_is_added()
    {
        await OkAsync(engine.Atp("AT-KB").DoAsync(new CreateAtp("Write it down", Flow: "standard"), By("@dev")));

        await RefusedAsync(
            engine.Atp("AT-KB").DoAsync(new CreateArtifact("KnowledgeEntry", "KB", "---\ndate: soon\n---\n"), By("@dev")), Rules.KnowledgeMalformed);
        Assert.Empty((await engine.Atp("AT-KB").GetAsync())!.Artifacts);
        Assert.Empty((await Base.ListAsync(null, 10, default)).Items);
    }

    [Fact]
    public async Task Files_are_imported_once_and_found()
    {
        await OkAsync(Base.ImportAsync("KB-2026-01-02-007.md", Entry, By("@documentation")));
        var again = await OkAsync(Base.ImportAsync("KB-2026-01-02-007.md", Entry, By("@documentation")));

        Assert.Equal(1, again.Version);
        var found = Assert.Single(await Base.SearchAsync("connection released", 10, default));
        Assert.Equal("KB-2026-01-02-007", found.Id);
        Assert.True(found.Score > 0);
        await RefusedAsync(Base.ImportAsync("x.md", "---\nid: 7\n---\n", By("@documentation")), Rules.KnowledgeMalformed);
    }

    private async Task<IncidentView> DeclareAsync(string title)
    {
        var answer = await OkAsync(engine.Declarations.DeclareAsync(
            new DeclareIncident(title, Severity.Sev2), By("@dev")));
        return (await engine.Incident(answer.Answer.GetProperty("id").GetString()!).GetAsync())!;
    }
}
