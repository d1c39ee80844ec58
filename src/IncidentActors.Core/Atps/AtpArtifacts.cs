using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Typed evidence on an ATP.</summary>
internal static class AtpArtifacts
{
    public const string VerificationReport = "PMVerificationReport";

    private static readonly ImmutableArray<string> Places = ["store", "file", "both"];

    public static Rejected? Create(AtpTurn turn, CreateArtifact create)
    {
        if (turn.State.Finished)
            return Rejected.Conflict(Rules.AtpClosed, $"{turn.Id} is {turn.State.Status} and stays as it is.");
        if (!Places.Contains(create.Persist))
            return Rejected.Malformed(Rules.ArgumentMalformed, $"persist is 'store', 'file' or 'both', not '{create.Persist}'.", Places);
        var caller = turn.World.Caller;
        if (create.Type == VerificationReport && !caller.Has(Roles.Pm) && !caller.OutranksHalts)
        {
            return Rejected.Role(
                Rules.ArtifactRole,
                $"A {VerificationReport} is written by the role pm; {caller.Handle} is not that.",
                [turn.World.Roster.HandleFor(Roles.Pm)]);
        }

        if (Misshapen(turn, create) is { } misshapen) return misshapen;
        if (Knowledge.KnowledgeArtifact.Write(turn, create) is { } malformed) return malformed;
        var id = $"art-{turn.Id}-{turn.State.Artifacts.Length + 1}";
        turn.Happen(new AtpArtifactAdded(
            id, create.Type, create.Title, create.Content, create.Outcome, create.Persist,
            Markdown.FilledSections(create.Content), Markdown.ListItems(create.Content, "action items")));
        turn.Decision.Tells("artifactId", id);
        AtpRows.TakeAutomatic(turn);
        return null;
    }

    /// <summary>A section says something else than every row that asks for the artifact demands.</summary>
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
