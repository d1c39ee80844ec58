using System.Collections.Immutable;
using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Redaction;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Permits;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Redaction;

/// <summary>Secrets in texts are in no row of the journal, whichever actor they were sent to.</summary>
public sealed class RedactedInputTests
{
    private const string Value = "hunter2-of-the-vault";
    private const string Pasted = $"it is password={Value}, rotate it";

    [Fact]
    public async Task No_row_of_the_journal_holds_a_secret_that_any_actor_was_sent()
    {
        await using var engine = new TestEngine();
        var permits = new PermitBook(engine.Turns);
        var declared = await OkAsync(engine.DeclareAsync(Declaration, By("@pm", "key")));
        var incident = declared.Answer.GetProperty("id").GetString()!;
        Assert.Contains(RedactionRules.Mark("assigned"), declared.Answer.GetProperty("title").GetString(), StringComparison.Ordinal);
        await OkAsync(engine.Incident(incident).DoAsync(new NoteIncident(Pasted), By("@pm")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp(Pasted, Flow: "standard", Notes: Pasted, Owner: "@dev"), By("@pm")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new SendMessage("@dev", MessageType.Directive, Priority.P1, Pasted, Pasted), By("@pm")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new HandOff("@qa", Pasted, Pasted, Pasted), By("@dev")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateArtifact("TestReport", Pasted, Pasted), By("@qa")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(new HaltScope(HaltScopeKind.Agent, "@nobody"), Pasted), By("@operator")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(Notes: Pasted), By("@operator")));
        await OkAsync(permits.RequestAsync(new RequestPermit("restart", "search", BreakGlass: Pasted), By("@sre")));
        var entry = new KnowledgeEntry { Id = "KB-1", Title = Pasted, Date = new DateOnly(2026, 11, 29), Body = Pasted };
        await OkAsync(engine.Actors.Knowledge("KB-1").DoAsync(new ImportKnowledge(entry), By("@operator")));
        await OkAsync(engine.Incident(incident).DoAsync(new CancelIncident("no fault"), By("@jonny") with { Override = Pasted }));
        await engine.PassAsync(TimeSpan.FromHours(2));

        using var all = new MemoryStream();
        await JournalLines.WriteAsync(engine.Journal.ReadAllAsync(CancellationToken.None), all, CancellationToken.None);
        var journal = Encoding.UTF8.GetString(all.ToArray());
        Assert.DoesNotContain(Value, journal, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(RedactionRules.Mark("assigned"), journal, StringComparison.Ordinal);
    }

    /// <summary>What is found by its texts is found again: the same secret gives the same mark.</summary>
    [Fact]
    public async Task The_same_declaration_gives_the_same_incident()
    {
        await using var engine = new TestEngine();
        var first = await OkAsync(engine.DeclareAsync(Declaration, By("@pm")));
        var again = await OkAsync(engine.DeclareAsync(Declaration, By("@qa")));
        Assert.Equal(first.Answer.GetProperty("id").GetString(), again.Answer.GetProperty("id").GetString());
        var keyed = await OkAsync(engine.DeclareAsync(Declaration with { DedupKey = null }, By("@pm", "key")));
        var repeated = await OkAsync(engine.DeclareAsync(Declaration with { DedupKey = null }, By("@pm", "key")));
        Assert.True(repeated.Replayed);
        Assert.Equal(keyed.Answer.GetProperty("id").GetString(), repeated.Answer.GetProperty("id").GetString());
    }

    private static readonly DeclareIncident Declaration = new(
        Pasted, Severity.Sev2, Description: Pasted, DedupKey: $"https://app:{Value}@db",
        Labels: ImmutableSortedDictionary<string, string>.Empty.Add("token", Value));
}
