using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Typed evidence on an ATP.</summary>
internal static class AtpArtifacts
{
    public const string VerificationReport = "PMVerificationReport";

    /// <summary>The four answers of seed 002 §2, as an artifact of the work.</summary>
    public const string Assessment = "Assessment";

    /// <summary>Sections of an <see cref="Assessment"/>.</summary>
    public static readonly ImmutableArray<string> AssessmentSections = ["what is broken", "users affected", "since when", "what changed"];

    /// <summary>Seed 004's judgement of the production impact.</summary>
    public const string ImpactAssessment = "ImpactAssessment";

    private static readonly ImmutableArray<string> Places = ["store", "file", "both"];

    public static Rejected? Create(AtpTurn turn, CreateArtifact create)
    {
        if (turn.State.Finished && !AtpClosure.IsReport(turn, create))
            return Rejected.Conflict(Rules.AtpClosed, $"{turn.Id} is {turn.State.Status} and cannot be changed any more.");
        if (!Places.Contains(create.Persist))
            return Rejected.Malformed(Rules.ArgumentMalformed, $"'persist' must be 'store', 'file' or 'both', not '{create.Persist}'.", Places);
        var caller = turn.World.Caller;
        if (create.Type == VerificationReport && !caller.Has(Roles.Pm) && !caller.OutranksHalts)
        {
            return Rejected.Role(
                Rules.ArtifactRole,
                $"A {VerificationReport} is written by the role pm; {caller.Handle} does not have it.",
                [turn.World.Roster.HandleFor(Roles.Pm)]);
        }

        if (!FilledText.IsFilled(create.Content) && turn.Flow.Rows.Any(row => row.Requires.Artifacts.Any(needed => needed.Type == create.Type)))
        {
            return new Rejected(
                Rules.ArtifactForm, $"A row of {turn.Flow.Name} asks for {create.Type}; '{Shortened.To(create.Content.Trim(), 40)}' says nothing.");
        }

        if (Misshapen(turn, create) is { } misshapen) return misshapen;
        if (Knowledge.KnowledgeArtifact.Write(turn, create) is { } malformed) return malformed;
        Add(turn, create);
        AtpIncident.Assessed(turn, create);
        AtpRows.TakeAutomatic(turn);
        return null;
    }

    public static void Add(AtpTurn turn, CreateArtifact create)
    {
        var id = $"art-{turn.Id}-{turn.State.Artifacts.Length + 1}";
        var items = ActionItem.In(create.Content);
        turn.Add(new AtpArtifactAdded(
            id, create.Type, create.Title, create.Content, create.Outcome, create.Persist,
            Markdown.FilledSections(create.Content), [.. items.Where(item => !item.Done).Select(item => item.Text)], items));
        turn.Decision.AddFact("artifactId", id);
    }

    /// <summary>The refusal of a section that does not begin as every row that requires the artifact demands.</summary>
    private static Rejected? Misshapen(AtpTurn turn, CreateArtifact create)
    {
        var demanded = turn.Flow.Rows.SelectMany(row => row.Requires.Artifacts).Where(needed => needed.Type == create.Type && needed.Begins is not null);
        foreach (var (section, beginning) in demanded.SelectMany(needed => needed.Begins!))
        {
            if (Markdown.Section(create.Content, Markdown.Normalize(section)) is not { } text) continue;
            var said = text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => !line.StartsWith("```", StringComparison.Ordinal)) ?? "";
            if (said.TrimStart('`').StartsWith(beginning, StringComparison.Ordinal)) continue;
            return new Rejected(
                Rules.ArtifactForm,
                $"The section '{section}' of {create.Type} begins with '{beginning}', not with '{Shortened.To(said, 40)}'.",
                [beginning]);
        }

        return null;
    }
}
