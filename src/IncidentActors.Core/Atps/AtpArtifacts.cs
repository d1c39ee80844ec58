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

        if (Knowledge.KnowledgeArtifact.Write(turn, create) is { } malformed) return malformed;
        var id = $"art-{turn.Id}-{turn.State.Artifacts.Length + 1}";
        turn.Happen(new AtpArtifactAdded(
            id, create.Type, create.Title, create.Content, create.Outcome, create.Persist,
            Markdown.FilledSections(create.Content), Markdown.ListItems(create.Content, "action items")));
        turn.Decision.Tells("artifactId", id);
        AtpRows.TakeAutomatic(turn);
        return null;
    }
}
