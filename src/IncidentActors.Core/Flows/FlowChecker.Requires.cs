using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Flows;

public sealed partial class FlowChecker
{
    private void CheckRequires(FlowRow row, string path)
    {
        var requires = row.Requires;
        path += ".requires";
        if (row.Kind != RowKind.Transition && requires is not { Gates.IsEmpty: true, Artifacts.IsEmpty: true, Branches.IsEmpty: true, Approval: null })
        {
            Problem(
                path,
                FlowRules.RequiresUnmeetable,
                $"row {row.Number} comes from {row.From}, where no ATP exists yet: it cannot require gates, artifacts or approvals");
            return;
        }

        CheckGates(row, path);
        for (var index = 0; index < requires.Branches.Length; index++)
        {
            if (!flow.Branches.Any(branch => branch.Id == requires.Branches[index]))
                Problem($"{path}.branches[{index}]", FlowRules.BranchUnknown, $"there is no branch {requires.Branches[index]}; describe it under `branches`");
        }

        for (var index = 0; index < requires.Severities.Length; index++)
        {
            if (!Severities.Names.Contains(requires.Severities[index]))
            {
                Problem($"{path}.severities[{index}]", FlowRules.SeverityUnknown,
                    $"`{requires.Severities[index]}` is not a severity; they are {string.Join(", ", Severities.Names)}");
            }
        }

        for (var index = 0; index < requires.Artifacts.Length; index++)
            CheckArtifact(requires.Artifacts[index], $"{path}.artifacts[{index}]");

        if (requires.Approval is { } approval)
            CheckApproval(row, approval, $"{path}.approval");
    }

    /// <summary>No tool answers a gate by itself: the approver does by approving, or the taker by taking.</summary>
    private void CheckGates(FlowRow row, string path)
    {
        var requires = row.Requires;
        for (var index = 0; index < requires.Gates.Length; index++)
        {
            if (flow.Gate(requires.Gates[index]) is null)
                Problem($"{path}.gates[{index}]", FlowRules.GateUnknown, $"there is no gate {requires.Gates[index]}; describe it under `gates`");
        }

        var answered = requires.Approval is { VerifiesGates: true } || (requires.GatesVerifiedByTaker && !row.Automatic);
        if (!requires.Gates.IsEmpty && !answered)
        {
            Problem(path, FlowRules.GateUnanswered,
                $"the gates of row {row.Number} cannot be answered; let its approval have `verifiesGates: true`, or a taker `gatesVerifiedByTaker: true`");
        }
    }

    private void CheckArtifact(RequiredArtifact artifact, string path)
    {
        CheckName(artifact.Type, PascalShape(), $"{path}.type", "an artifact type is a word or words in capitals: TestReport");
        if (artifact.Outcome is { } outcome)
            CheckName(outcome, KebabShape(), $"{path}.outcome", "an outcome is lower case, words joined by `-`: passed");
        if (artifact.By is { } role)
            CheckRole(role, context.IsRoleOrOwner, $"{path}.by", FlowRules.ArtifactRoleUnknown);
    }

    private void CheckApproval(FlowRow row, RowApproval approval, string path)
    {
        CheckRole(approval.Role, context.IsRole, $"{path}.role", FlowRules.ApprovalRoleUnknown);
        if (approval.Within <= TimeSpan.Zero)
            Problem(path, FlowRules.ApprovalTimeoutMissing, $"the approval of row {row.Number} has no timeout; give it `within`: {FlowDuration.Form}");
        CheckStrictness(row, approval, path);
        var ids = approval.Options.Select(option => option.Id).ToList();
        var unclear = ids.Count is 1 or > 4 || ids.Distinct().Count() < ids.Count
            || (ids.Count > 0 && (approval.Options.All(option => option.Approves) || !approval.Options.Any(option => option.Approves)));
        if (unclear || (approval.Recommend is { } recommended && !ids.Contains(recommended)))
        {
            Problem(path, FlowRules.ApprovalOptions,
                $"the options of row {row.Number} are invalid: give two to four options with unique ids, at least one that approves and "
                + "at least one that does not; `recommend`, if present, must be one of the ids");
        }

        if (approval.RejectTo is { } back)
            CheckState(back, $"{path}.rejectTo", FlowRules.ApprovalRejectUnknown);
        else if (!flow.From(row.From).Any(other => other.To != row.From && other.Requires.Approval is null))
        {
            Problem(path, FlowRules.ApprovalRejectNowhere,
                $"once row {row.Number} is rejected, nothing leads out of {row.From}; give the approval `rejectTo`, or the state another row");
        }
    }

    /// <summary>An approval that needs several approvers or a fresh sign-in must not be approved by a timeout.</summary>
    private void CheckStrictness(FlowRow row, RowApproval approval, string path)
    {
        var byTime = approval.OnTimeout == ApprovalTimeout.Approve;
        if (approval.Approvers < 1)
            Problem($"{path}.approvers", FlowRules.ApprovalApprovers, "an approval needs at least one approver; leave `approvers` out for one");
        else if (approval.Approvers > 1 && byTime)
        {
            Problem($"{path}.approvers", FlowRules.ApprovalApprovers,
                $"row {row.Number} needs {approval.Approvers} approvers, so a timeout must not approve it; set `onTimeout` to block or reject");
        }

        if (approval.SignedInWithin <= TimeSpan.Zero)
            Problem($"{path}.signedInWithin", FlowRules.ApprovalSignIn, $"`signedInWithin` must be greater than zero; write {FlowDuration.Form}");
        else if (approval.SignedInWithin is not null && byTime)
        {
            Problem($"{path}.signedInWithin", FlowRules.ApprovalSignIn,
                $"row {row.Number} needs a fresh sign-in, so a timeout must not approve it; set `onTimeout` to block or reject");
        }
    }
}
