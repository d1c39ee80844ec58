using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>
/// The end of an incident, by its command or by a row of its work. Mitigated is not resolved: a fix is deployed and verified,
/// or somebody says by name why none was needed.
/// </summary>
internal static class Resolution
{
    public static Decision Resolve(IncidentState state, ResolveIncident resolve, World world)
    {
        if (world.Call.At < state.StartedAt)
        {
            return new Rejected(
                Rules.IncidentTimes,
                $"{state.Id} began at {state.StartedAt:u}, after {world.Call.At:u}: it cannot be resolved before it began; correct the clocks.");
        }

        if (IncidentResponse.Unknown(Checklists.Verification, resolve.Verified) is { } unknown) return unknown;
        var overrides = world.Caller.Overrides;
        var missing = Checklists.Missing(Checklists.Verification, resolve.Verified);
        if (!missing.IsEmpty && !overrides)
        {
            return new Rejected(
                Rules.IncidentChecklist,
                $"Mitigated is not resolved. Not verified yet: {IncidentResponse.Texts(Checklists.Verification, missing)}.",
                missing);
        }

        var noFix = FilledText.IsFilled(resolve.NoFix) ? resolve.NoFix : overrides ? world.Caller.Override : null;
        if (noFix is null && NoFixYet(state, resolve, world) is { } refused) return refused;
        var decision = IncidentDecider.Record(state, new IncidentResolved(resolve.Summary, resolve.Impact, resolve.Fix, resolve.Verified, null, noFix));
        foreach (var turn in ResponseWork.Open(world, decision, state).Where(ResponseWork.Resolves))
        {
            if (Drive(turn, state, resolve, noFix) is { } unmet) return unmet;
        }

        Over(world, decision, state.Id, noFix is null ? "Incident resolved" : $"Incident resolved without a fix: {noFix}");
        return decision;
    }

    /// <summary>The incident is resolved in this decision: its remaining work, clocks, halts and obligations follow.</summary>
    public static void Over(World world, Decision decision, string incidentId, string trigger)
    {
        IncidentDecider.StopClocks(decision, incidentId);
        foreach (var turn in ResponseWork.Open(world, decision, world.Incident(incidentId, decision)!))
        {
            if (!ResponseWork.Resolves(turn))
                AtpEnding.Finish(turn, trigger);
            else if (!turn.Flow.HasDeployed(turn.State.Status) && turn.State.Status != ResponseWork.ResolvedState(turn).Name)
                AtpEnding.Cancel(turn, $"{incidentId} is resolved by other work");
        }

        var incident = world.Incident(incidentId, decision)!;
        Obligations.QueuePostmortem(world, decision, incident);
        IncidentHalts.EndAll(world, decision, incident, $"{incidentId} is resolved");
    }

    /// <summary>No fix is in production, and the caller does not state that none was needed.</summary>
    private static Rejected? NoFixYet(IncidentState state, ResolveIncident resolve, World world)
    {
        var decision = new Decision();
        if (ResponseWork.AnyDeployed(world, decision, state)) return null;
        var urgent = ResponseWork.Open(world, decision, state).Where(ResponseWork.Resolves).ToList();
        if (urgent.Count == 0 && FilledText.IsFilled(resolve.Fix)) return null;
        var waits = urgent.Select(turn => $"{turn.Id} is {turn.State.Status}").DefaultIfEmpty("it does not say what fixed it");
        return new Rejected(
            Rules.IncidentFix,
            $"{state.Id} has no deployed fix: {string.Join(", ", waits)}. Deploy and verify it, or say with noFix why none was needed.",
            ["noFix"]);
    }

    /// <summary>The ATP takes the row by which its flow resolves the incident; without a fix it goes where that row leads.</summary>
    private static Rejected? Drive(AtpTurn turn, IncidentState state, ResolveIncident resolve, string? noFix)
    {
        if (noFix is not null)
        {
            AtpEnding.MoveTo(turn, ResponseWork.ResolvedState(turn), "No fix was needed", noFix);
            return null;
        }

        if (!ResponseWork.Deployed(turn, state) || ResponseWork.ResolvingRow(turn) is not { } row) return null;
        if (turn.State.Status == row.To) return null;
        Verify(turn, row, resolve);
        if (AtpRequirements.Unmet(turn, row) is { } unmet) return unmet;
        AtpRows.Take(turn, row, resolve.Summary, Tools.Incident);
        return null;
    }

    /// <summary>What the commander verified is the evidence that the row asks for: the gates' answers and the verification report.</summary>
    private static void Verify(AtpTurn turn, FlowRow row, ResolveIncident resolve)
    {
        foreach (var gate in row.Requires.Gates.Where(gate => !turn.State.Gates.ContainsKey(gate)))
            turn.Add(new AtpGateVerified(gate, $"resolving {turn.State.IncidentId}"));
        if (!row.Requires.Artifacts.Any(needed => needed.Type == AtpArtifacts.VerificationReport)) return;
        if (AtpRequirements.Unmet(turn, row) is not { Rule: Rules.ArtifactMissing }) return;
        var boxes = string.Join('\n', Checklists.Verification.Where(item => resolve.Verified.Contains(item.Id)).Select(item => $"- [x] {item.Text}"));
        var text = $"## Summary\n{resolve.Summary ?? resolve.Fix ?? turn.State.Title}\n\n## Verification\n{boxes}\n";
        AtpArtifacts.Add(turn, new CreateArtifact(
            AtpArtifacts.VerificationReport, $"PM Verification Report: {turn.Id}", text, Persist: "both"));
    }
}
