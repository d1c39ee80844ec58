using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Permits;

/// <summary>
/// Whether Kubernetes may create, change or delete an object now. While a halt covers it, only the approved fix of the halt's own incident is let through,
/// by the digests of its images, and what names a break-glass reason, which is recorded.
/// </summary>
internal sealed class Admission(RunningEngine engine, Call call)
{
    private const string Path = "admission";
    private const int MaxApprovals = 200;

    /// <summary>The sentence that refuses it, null if it is allowed; and what the caller is warned of.</summary>
    public async Task<(string? Refused, string? Warning)> JudgeAsync(AdmissionRequest asked, CancellationToken cancel)
    {
        if (asked.OfController) return (null, null);
        var request = new RequestPermit(
            asked.Action, asked.Service, asked.Environment, asked.Digests?.FirstOrDefault(), Path: Path);
        if (engine.Options.Permits.RuleFor(request.Action, request.Target, request.Environment) is null or { Decision: PermitDecision.Forbid })
            return ($"The policy does not allow '{request.Action}' on {request.Target} in {request.Environment}.", null);
        var subject = HaltPolicy.SubjectOf(new AgentInfo(call.By, call.Roles ?? [], call.Team), request, null, null, reads: false);
        var covering = (await engine.Journal.HaltsAsync(null, cancel)).Where(halt => halt.Covers(subject)).ToList();
        if (covering.Count == 0) return (null, null);
        if (asked.BreakGlass is { Length: > 0 } reason) return await BreakGlassAsync(asked, request, covering, reason);
        foreach (var halt in covering)
        {
            if (await FixAsync(halt, asked, cancel) is { } warning) return (null, warning);
        }

        var first = covering[0];
        return (
            $"{first.Id} halts {first.Scope} since {first.RaisedAt:u}, raised by {first.RaisedBy}: {first.Reason}. Only an approved fix of its incident may be "
            + "deployed, with the digest that was approved, or an object with the new annotation incident-actors.dev/break-glass: REASON.",
            null);
    }

    /// <summary>What admits the approved fix; null if this is not one.</summary>
    private async Task<string?> FixAsync(HaltRecord halt, AdmissionRequest asked, CancellationToken cancel)
    {
        if (!asked.Brings || halt.Incident is not { } incident || asked.Digests is not { IsEmpty: false } digests) return null;
        var page = await engine.Journal.ListAsync(
            new ActorFilter(ActorKind.Approval) { Incident = incident, Status = "approved", Limit = MaxApprovals }, cancel);
        foreach (var approval in page.States<ApprovalState>())
        {
            var approved = ApprovedDigests.In(approval.Evidence ?? "");
            if (!digests.All(approved.Contains)) continue;
            await NoteAsync(asked, [incident], $"let through under {halt.Id} as the fix that {approval.Id} approved: {string.Join(", ", digests)}");
            return $"Let through under {halt.Id}: the fix of {incident} that {approval.Id} approved.";
        }

        return null;
    }

    private async Task<(string? Refused, string? Warning)> BreakGlassAsync(
        AdmissionRequest asked, RequestPermit request, List<HaltRecord> covering, string reason)
    {
        var halts = string.Join(", ", covering.Select(halt => halt.Id));
        if (!asked.DryRun)
        {
            var id = PermitDecider.IdFrom($"K{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(asked.Uid))[..Math.Min(40, asked.Uid.Length * 2)]}");
            var recorded = await engine.Permits.RequestAsync(request with { BreakGlass = $"{reason} ({asked.User})" }, call with { Key = null }, id);
            if (recorded is not Accepted) return ($"The break-glass reason could not be recorded, so {halts} holds. Try again.", null);
            await engine.Permits.DoAsync(id, new EndPermit(PermitOutcome.Done, $"{asked.Operation} of {asked.Kind} {asked.Name}"), call with { Key = null });
        }

        await NoteAsync(asked, covering.Select(halt => halt.Incident).OfType<string>().Distinct(), $"let through by break-glass: {reason}");
        return (null, $"Break-glass: {halts} was passed, and this is recorded.");
    }

    /// <summary>In the timeline of each incident that is concerned.</summary>
    private async Task NoteAsync(AdmissionRequest asked, IEnumerable<string> incidents, string what)
    {
        if (asked.DryRun) return;
        foreach (var incident in incidents.ToImmutableArray())
        {
            await engine.Actors.Incident(incident).DoAsync(
                new NoteIncident($"Kubernetes: {asked.Operation} of {asked.Kind} {asked.Name} by {asked.User} {what}"),
                call with { By = Handle.System, Key = $"admission-{asked.Uid}-{incident}", Roles = null, Team = null });
        }
    }
}
