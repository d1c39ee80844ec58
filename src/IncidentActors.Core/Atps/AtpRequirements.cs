using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;
using IncidentActors.Core.NextSteps;

namespace IncidentActors.Core.Atps;

/// <summary>What must be true before a row is taken: the one place that says it, for deciders, views, pages, MCP and CLI.</summary>
public static class AtpRequirements
{
    /// <summary>Everything that the row needs, in the order in which it is refused.</summary>
    /// <param name="hasRole">Whether a handle has a role; null: the author of an artifact is not checked.</param>
    public static ImmutableArray<Requirement> Explain(AtpState atp, FlowRow row, Flow flow, Func<string, string, bool>? hasRole = null)
    {
        IEnumerable<Requirement> all =
        [
            .. Approval(atp, row),
            .. Gates(atp, row, flow),
            .. row.Requires.Artifacts.Select(required => Artifact(atp, row, flow, required, hasRole)),
            .. Branches(atp, row, flow),
        ];
        return [.. all.Select(one => one.Met ? one : one with { Command = one.Refusal!.Next.Select(next => next.Command).FirstOrDefault() })];
    }

    /// <summary>The caller has a row's role on the ATP.</summary>
    public static bool HasRole(AgentInfo caller, AtpState atp, string role) => role switch
    {
        Roles.Any => true,
        Roles.AtpOwner => atp.Owner is null || caller.Handle == atp.Owner || caller.OutranksHalts,
        _ => caller.Has(role) || caller.Overrides || caller.Handle == Handle.System,
    };

    internal static Rejected? Unmet(AtpTurn turn, FlowRow row) => Each(turn, row).FirstOrDefault();

    /// <summary>One refusal for each requirement that is not met; gates are one.</summary>
    internal static IEnumerable<Rejected> Each(AtpTurn turn, FlowRow row) =>
        Explain(turn.State, row, turn.Flow, (handle, role) => turn.World.Agent(handle)?.Has(role) == true)
            .Where(requirement => !requirement.Met).Select(requirement => requirement.Refusal!).DistinctBy(refusal => (refusal.Rule, refusal.Sentence));

    /// <summary>What meets the requirements that are not met, each once; who does it is a role.</summary>
    internal static IEnumerable<NextAction> Actions(AtpTurn turn, FlowRow row) => Each(turn, row).SelectMany(refusal => refusal.Next).Distinct();

    private static IEnumerable<Requirement> Approval(AtpState atp, FlowRow row)
    {
        if (row.Requires.Approval is not { } needed) yield break;
        var last = atp.Approvals.LastOrDefault(approval => approval.Row == row.Number);
        var role = needed.Role;
        var sentence = last?.Status switch
        {
            AtpApprovalStatus.Open => $"Row {row.Number} ({row.From} → {row.To}) waits for the approval {last.Id} by {role}"
                + $"{(last.Given is { } given ? $" ({given} have approved)" : "")}: approval_decide it.",
            AtpApprovalStatus.Rejected => $"{last.DecidedBy} rejected {last.Id}; hand the work off again to ask again.",
            _ => $"Row {row.Number} ({row.From} → {row.To}) needs an approval by {role}; hand the work off to ask for it.",
        };
        yield return new Requirement($"approval by {role}", last?.Status == AtpApprovalStatus.Approved, last?.Id)
        {
            Refusal = Rejected.Conflict(
                Rules.ApprovalNeeded, sentence, last?.Status == AtpApprovalStatus.Open ? [$"approval_decide {last.Id}"] : ["handoff"]) with
            {
                Next =
                [
                    last?.Status == AtpApprovalStatus.Open
                        ? new NextAction(role, $"decides the approval {last.Id}", last.Id, "approval_decide", $"incident approve {last.Id}")
                        : new NextAction(Roles.AtpOwner, "hands it over again", atp.Id, Tools.Handoff, NextCommand.Handoff(atp.Id, $"@{role}")),
                ],
            },
        };
    }

    private static IEnumerable<Requirement> Gates(AtpState atp, FlowRow row, Flow flow)
    {
        if (row.Requires.GatesVerifiedByTaker || row.Requires.Gates.IsEmpty) yield break;
        var open = row.Requires.Gates.Where(gate => !atp.Gates.ContainsKey(gate)).ToImmutableArray();
        var by = row.Requires.Approval?.Role ?? row.Role;
        var refusal = new Rejected(
            Rules.GateOpen,
            $"Not verified yet: {string.Join(" ", open.Select(gate => flow.Gate(gate)?.Question ?? gate))} The role {by} verifies them with atp_set and gates.",
            open)
        {
            Next = [new NextAction(by, $"verifies {string.Join(", ", open)}", atp.Id, Tools.Set, NextCommand.Gates(atp.Id, open))],
        };
        foreach (var gate in row.Requires.Gates)
            yield return new Requirement(flow.Gate(gate)?.Question ?? gate, !open.Contains(gate)) { Refusal = refusal };
    }

    private static Requirement Artifact(AtpState atp, FlowRow row, Flow flow, RequiredArtifact required, Func<string, string, bool>? hasRole)
    {
        var sections = Sections(atp, row, flow, required).ToImmutableArray();
        var with = sections.IsEmpty ? "" : $" with {string.Join(", ", sections)}";
        var says = required.Outcome is null ? "" : $" that says {required.Outcome}";
        var missing = Missing(atp, row, required, sections, hasRole);
        if (missing is not null)
            missing = missing with { Next = [Evidence(atp, row, required.Type, required.By, required.Outcome, Begun(required, sections))] };
        return new Requirement($"{required.Type}{says}{with}", missing is null) { Refusal = missing };
    }

    private static Rejected? Missing(
        AtpState atp, FlowRow row, RequiredArtifact required, ImmutableArray<string> sections, Func<string, string, bool>? hasRole)
    {
        var since = required.Fresh ? atp.History.LastOrDefault(entry => entry.To == row.From && entry.From != row.From)?.Number : null;
        var latest = atp.Artifacts.LastOrDefault(artifact => artifact.Type == required.Type
            && (since is null || artifact.Entry >= since)
            && (required.By is null || hasRole is null || hasRole(artifact.By, required.By)));
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

        var open = Markdown.Missing(sections, latest.Sections);
        if (open.IsEmpty) return null;
        var what = open.Length == 1 ? "the section" : "the sections";
        return new Rejected(
            Rules.SectionMissing,
            $"{required.Type} {latest.Id} lacks {what} {string.Join(", ", open)}; create it again with all of them filled.",
            open);
    }

    /// <summary>Sections with the words that they must begin with: <c>branch: hotfix/</c>.</summary>
    private static ImmutableArray<string> Begun(RequiredArtifact required, ImmutableArray<string> sections) =>
        [.. sections.Select(section => required.Beginning(section) is { Length: > 0 } beginning ? $"{section}: {beginning}" : section)];

    /// <summary>The row's own sections, and for the artifact that closes a follow-up those that what it follows demanded.</summary>
    private static IEnumerable<string> Sections(AtpState atp, FlowRow row, Flow flow, RequiredArtifact required)
    {
        var own = required.Sections.IsDefault ? [] : required.Sections;
        return required == row.Requires.Artifacts[0] && flow.State(row.To)!.Terminal ? own.Union(atp.Sections) : own;
    }

    private static IEnumerable<Requirement> Branches(AtpState atp, FlowRow row, Flow flow) => flow.Branches
        .Where(branch => row.Requires.Branches.Contains(branch.Id))
        .Select(branch => new Requirement($"{branch.Title} ({branch.DoneBy})", atp.Artifacts.Any(artifact => artifact.Type == branch.DoneBy))
        {
            Refusal = new Rejected(
                Rules.BranchOpen, $"{branch.Title} runs in parallel and must be finished first, by the artifact {branch.DoneBy}.", [branch.Id])
            {
                Next = [Evidence(atp, row, branch.DoneBy, branch.Role, null, [])],
            },
        });

    private static NextAction Evidence(AtpState atp, FlowRow row, string type, string? by, string? outcome, ImmutableArray<string> sections) => new(
        by ?? (type == AtpArtifacts.VerificationReport ? Roles.Pm : row.Role), $"writes the artifact {type}", atp.Id, "artifact_create",
        NextCommand.Artifact(atp.Id, type, outcome), Sections: sections.IsEmpty ? null : sections);
}
