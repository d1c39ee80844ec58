using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Core.Tests.Knowledge;

/// <summary>Seed 002 §9: an entry is written by an artifact in the same decision, or imported from a file.</summary>
public class WritingTests
{
    private static readonly KnowledgeEntry Pool = new()
    {
        Id = "KB-2026-11-20-POOL",
        Title = "Pool exhausted",
        Date = new DateOnly(2026, 11, 20),
        Body = "Release the connection.",
    };

    private const string Learned = "## Resolution\nRestarted.\n## Prevention\nA leak test.\n## Root Cause\n";

    private readonly Stage stage = new();

    [Fact]
    public void An_artifact_writes_the_entry_about_its_incident_and_replaces_it_when_written_again()
    {
        var (incident, atp) = stage.Declared(Play.Declare(severity: Severity.Sev2));
        stage.Do(atp, new CreateArtifact("KnowledgeEntry", "Pool exhausted", Learned + "Never released."), "@dev");
        stage.Do(atp, new CreateArtifact("KnowledgeEntry", "Pool exhausted", Learned + "Never released in the export."), "@dev");

        var entry = Assert.Single(stage.All<KnowledgeState>());
        Assert.Equal((incident, atp, "@dev"), (entry.Entry.IncidentId, entry.AtpId, entry.WrittenBy));
        Assert.EndsWith("in the export.", entry.Entry.Body, StringComparison.Ordinal);
        Assert.Equal(2, stage.Atp(atp).Artifacts.Length);
    }

    [Fact]
    public void ATPs_of_one_day_whose_ids_end_alike_do_not_write_over_each_other()
    {
        foreach (var id in new[] { "AT-PAY-01", "AT-MAIL-01", "AT-PAY-01" })
        {
            if (stage.Get(ActorId.Atp(id)) is null) stage.Create(id, owner: "@dev");
            stage.Do(id, new CreateArtifact("KnowledgeEntry", id, $"## Root Cause\nOf {id}."), "@dev");
        }

        Assert.Equal(
            [("KB-2026-11-21-01", "AT-PAY-01"), ("KB-2026-11-21-MAIL-01", "AT-MAIL-01")],
            stage.All<KnowledgeState>().Select(state => (state.Entry.Id, state.AtpId!)));
    }

    [Theory]
    [InlineData("N+1 prevention")]
    [InlineData("## Root Cause\nLeak.\n## Resolution\nRestarted.\n## Prevention\nTBD")]
    public void The_entry_of_an_incident_says_its_cause_its_resolution_and_how_to_prevent_it(string content)
    {
        var (_, atp) = stage.Declared(Play.Declare(severity: Severity.Sev2));
        var refused = stage.Refused(Rules.KnowledgeMalformed, atp, new CreateArtifact("KnowledgeEntry", "N+1 prevention", content), "@dev");
        Assert.Contains("prevention", refused.Allowed);
        stage.Create("AT-1", owner: "@dev");
        stage.Do("AT-1", new CreateArtifact("KnowledgeEntry", "N+1 prevention", content), "@dev");
    }

    [Fact]
    public void Front_matter_that_cannot_be_read_leaves_neither_artifact_nor_entry()
    {
        stage.Create("AT-1", owner: "@dev");
        stage.Refused(Rules.KnowledgeMalformed, "AT-1", new CreateArtifact("KnowledgeEntry", "x", "---\ndate: soon\n---\n"), "@dev");
        stage.Refused(Rules.KnowledgeMalformed, "AT-1", new CreateArtifact("KnowledgeEntry", "x", "---\nid: ../x\n---\n"), "@dev");
        Assert.Empty(stage.Atp("AT-1").Artifacts);
    }

    [Fact]
    public void Importing_what_stands_there_changes_nothing()
    {
        stage.Do(ActorId.Knowledge(Pool.Id), new ImportKnowledge(Pool), "@documentation");
        Assert.Empty(stage.Do(ActorId.Knowledge(Pool.Id), new ImportKnowledge(Pool), "@documentation").Changes);
        Assert.Single(stage.Do(ActorId.Knowledge(Pool.Id), new ImportKnowledge(Pool with { Attempts = 2 }), "@documentation").Changes);
    }

    [Fact]
    public void An_entry_has_a_well_formed_id_and_nobody_imports_after_closing_an_ATP()
    {
        stage.Refused(Rules.KnowledgeMalformed, ActorId.Knowledge("pool"), new ImportKnowledge(Pool with { Id = "pool" }), "@documentation");
        var closed = Play.Emergency("Closed");
        closed.Refused(Rules.TurnEnded, ActorId.Knowledge(Pool.Id), new ImportKnowledge(Pool), "@pm");
    }
}
