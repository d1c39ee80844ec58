using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>What must be true before a row is taken; every miss is refused by its own rule.</summary>
internal static class AtpRequirements
{
    public static Rejected? Unmet(AtpTurn turn, FlowRow row) =>
        Approval(turn, row) ?? Gates(turn, row) ?? Artifacts(turn, row) ?? Branches(turn, row);

    /// <summary>One refusal for each kind of requirement that is not met.</summary>
    public static IEnumerable<Rejected> Each(AtpTurn turn, FlowRow row) =>
        new[] { Approval(turn, row), Gates(turn, row), Artifacts(turn, row), Branches(turn, row) }.OfType<Rejected>();

    private static Rejected? Approval(AtpTurn turn, FlowRow row)
    {
        if (row.Requires.Approval is not { } needed) return null;
        var last = turn.State.Approvals.LastOrDefault(approval => approval.Row == row.Number);
        if (last?.Status == AtpApprovalStatus.Approved) return null;
        var role = needed.Role;
        var sentence = last?.Status switch
        {
            AtpApprovalStatus.Open => $"Row {row.Number} ({row.From} → {row.To}) waits for the approval {last.Id} by {role}: approval_decide it.",
            AtpApprovalStatus.Rejected => $"{last.DecidedBy} rejected {last.Id}; hand the work off again to ask anew.",
            _ => $"Row {row.Number} ({row.From} → {row.To}) needs an approval by {role}; hand the work off to ask for it.",
        };
        return Rejected.Conflict(Rules.ApprovalNeeded, sentence, last?.Status == AtpApprovalStatus.Open ? [$"approval_decide {last.Id}"] : ["handoff"]);
    }

    private static Rejected? Gates(AtpTurn turn, FlowRow row)
    {
        if (row.Requires.GatesVerifiedByTaker) return null;
        var open = row.Requires.Gates.Where(gate => !turn.State.Gates.ContainsKey(gate)).ToImmutableArray();
        return open.IsEmpty
            ? null
            : new Rejected(
                Rules.GateOpen,
                $"Not verified yet: {string.Join(" ", open.Select(gate => turn.Flow.Gate(gate)?.Question ?? gate))} Confirm with atp_set and gates.",
                open);
    }

    private static Rejected? Artifacts(AtpTurn turn, FlowRow row) =>
        row.Requires.Artifacts.Select(required => Artifact(turn, row, required)).FirstOrDefault(missing => missing is not null);

    private static Rejected? Artifact(AtpTurn turn, FlowRow row, RequiredArtifact required)
    {
        var since = required.Fresh ? turn.State.History.LastOrDefault(entry => entry.To == row.From && entry.From != row.From)?.Number : null;
        var latest = turn.State.Artifacts.LastOrDefault(artifact => artifact.Type == required.Type
            && (since is null || artifact.Entry >= since)
            && (required.By is null || turn.World.Agent(artifact.By)?.Has(required.By) == true));
        if (latest is null)
        {
            var by = required.By is null ? "" : $" by {required.By}";
            var fresh = since is null ? "" : $", made since it came to {row.From}";
            return new Rejected(
                Rules.ArtifactMissing,
                $"{row.From} → {row.To} needs the artifact {required.Type}{by}{fresh}; create it with artifact_create.",
                [required.Type]);
        }

        if (required.Outcome is { } outcome && latest.Outcome != outcome)
        {
            return new Rejected(
                Rules.ArtifactOutcome,
                $"{row.From} → {row.To} needs a {required.Type} with the outcome '{outcome}'; the latest, {latest.Id}, "
                + $"says '{latest.Outcome ?? "nothing"}'.",
                [outcome]);
        }

        var missing = Markdown.Missing(Sections(turn, row, required), latest.Sections);
        if (missing.IsEmpty) return null;
        var what = missing.Length == 1 ? "the section" : "the sections";
        return new Rejected(
            Rules.SectionMissing,
            $"{required.Type} {latest.Id} lacks {what} {string.Join(", ", missing)}; create it again with all of them filled.",
            missing);
    }

    /// <summary>The row's own sections, and for the artifact that closes a follow-up those that what it follows demanded.</summary>
    private static IEnumerable<string> Sections(AtpTurn turn, FlowRow row, RequiredArtifact required)
    {
        var own = required.Sections.IsDefault ? [] : required.Sections;
        return required == row.Requires.Artifacts[0] && turn.Flow.State(row.To)!.Terminal ? own.Union(turn.State.Sections) : own;
    }

    private static Rejected? Branches(AtpTurn turn, FlowRow row)
    {
        var open = row.Requires.Branches
            .Select(id => turn.Flow.Branches.First(branch => branch.Id == id))
            .Where(branch => turn.State.Artifacts.All(artifact => artifact.Type != branch.DoneBy))
            .ToList();
        return open.Count == 0
            ? null
            : new Rejected(
                Rules.BranchOpen,
                $"{string.Join(", ", open.Select(branch => branch.Title))} runs beside and must be finished first, "
                + $"by {string.Join(", ", open.Select(branch => $"the artifact {branch.DoneBy}"))}.",
                [.. open.Select(branch => branch.Id)]);
    }
}
