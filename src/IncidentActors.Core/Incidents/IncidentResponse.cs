using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Incidents;

/// <summary>Assessing, mitigating, resolving, closing, canceling: seed 002 §2, §3, §7 and its success criteria.</summary>
internal static class IncidentResponse
{
    public static Decision Assess(IncidentState state, AssessIncident assess, World world)
    {
        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        if (!state.Status.IsOngoing()) return Not(state, "assessed");
        if (Unknown(Checklists.QuickChecks, assess.Checks) is { } unknown) return unknown;
        var assessed = new IncidentAssessed(assess.Broken, assess.UsersAffected, assess.Since, assess.Changed, assess.Checks);
        var decision = IncidentDecider.Happens(state, assessed);
        Acknowledge(state, decision);
        return Assessment.Of(state.Assessment, assessed, world.Call.At, world.Call.By).Complete
            ? decision.Add(new StopClock(ActorId.Incident(state.Id), IncidentDecider.AssessClock))
            : decision;
    }

    public static Decision Mitigate(IncidentState state, MitigateIncident mitigate, World world)
    {
        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        if (!state.Status.IsOngoing()) return Not(state, "mitigated");
        var row = mitigate.Scenario is { } scenario ? MitigationMatrix.Find(scenario) : null;
        var action = mitigate.Action ?? row?.Action;
        if (action is null && !mitigate.Done)
        {
            return new Rejected(
                Rules.ArgumentMissing,
                mitigate.Scenario is null
                    ? "Name the action, or a scenario of the matrix."
                    : $"The matrix has no scenario '{mitigate.Scenario}'.",
                mitigate.Scenario is null ? MitigationMatrix.Actions : [.. MitigationMatrix.Rows.Select(known => known.Scenario)]);
        }

        if (action is not null && !MitigationMatrix.Actions.Contains(action))
            return new Rejected(Rules.ArgumentMalformed, $"'{action}' is not a mitigation.", MitigationMatrix.Actions);
        var decision = new Decision();
        Acknowledge(state, decision);
        if (action is not null)
        {
            decision.Add(
                ActorId.Incident(state.Id),
                new IncidentMitigationStarted(action, row?.Scenario ?? mitigate.Scenario, mitigate.ExpectedMinutes ?? row?.Minutes, mitigate.Notes));
        }

        if (action is not null && (mitigate.ExpectedMinutes ?? row?.Minutes) is { } minutes)
            decision.Add(IncidentClock.Start(world, state, IncidentDecider.MitigationClock, TimeSpan.FromMinutes(minutes)));
        if (!mitigate.Done) return decision;
        decision
            .Add(ActorId.Incident(state.Id), new IncidentMitigated(mitigate.Notes))
            .Add(new StopClock(ActorId.Incident(state.Id), IncidentDecider.MitigationClock));
        return decision;
    }

    public static Decision Resolve(IncidentState state, ResolveIncident resolve, World world)
    {
        if (!state.Status.IsOngoing()) return Not(state, "resolved");
        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        if (world.Call.At < state.StartedAt)
        {
            return new Rejected(
                Rules.IncidentTimes,
                $"{state.Id} began at {state.StartedAt:u}, after {world.Call.At:u}: it cannot be resolved before it began; put the clocks right.");
        }

        if (Unknown(Checklists.Verification, resolve.Verified) is { } unknown) return unknown;
        var missing = Checklists.Missing(Checklists.Verification, resolve.Verified);
        if (!missing.IsEmpty)
            return new Rejected(Rules.IncidentChecklist, $"Mitigated is not resolved. Not verified yet: {Texts(Checklists.Verification, missing)}.", missing);
        var decision = IncidentDecider.Happens(state, new IncidentResolved(resolve.Summary, resolve.Impact, resolve.Fix, resolve.Verified, null));
        IncidentDecider.StopClocks(decision, state.Id);
        return decision;
    }

    public static Decision Close(IncidentState state, CloseIncident close, World world)
    {
        if (state.Status != IncidentStatus.Resolved)
        {
            return Rejected.Conflict(
                Rules.IncidentStatus,
                $"{state.Id} is {state.Status.Name()}; resolve it first, or cancel it as a false alarm.",
                ["resolve", "cancel"]);
        }

        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        if (Unknown(Checklists.SuccessCriteria, close.Criteria) is { } unknown) return unknown;
        var missing = Checklists.Missing(Checklists.SuccessCriteria, close.Criteria);
        var reason = string.IsNullOrWhiteSpace(close.OverrideReason) ? world.Caller.Override : close.OverrideReason;
        if (!missing.IsEmpty && reason is null)
        {
            return new Rejected(
                Rules.IncidentChecklist,
                $"Not met yet: {Texts(Checklists.SuccessCriteria, missing)}. Close with overrideReason to skip them on record.",
                missing);
        }

        return IncidentDecider.Happens(state, new IncidentClosed(close.Criteria, missing, missing.IsEmpty ? null : reason, close.Notes));
    }

    public static Decision Cancel(IncidentState state, CancelIncident cancel, World world)
    {
        if (!state.Status.IsOngoing()) return Not(state, "canceled");
        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        var decision = IncidentDecider.Happens(state, new IncidentCanceled(cancel.Reason));
        IncidentDecider.StopClocks(decision, state.Id);
        return decision;
    }

    /// <summary>Whoever assesses or mitigates has noticed: that counts as acknowledging.</summary>
    private static void Acknowledge(IncidentState state, Decision decision)
    {
        if (state.AcknowledgedAt is not null) return;
        decision.Add(ActorId.Incident(state.Id), new IncidentAcknowledged(null)).Add(new StopClock(ActorId.Incident(state.Id), IncidentDecider.RespondClock));
    }

    private static Rejected Not(IncidentState state, string what) =>
        Rejected.Conflict(
            Rules.IncidentStatus,
            $"{state.Id} is {state.Status.Name()} and cannot be {what}.",
            state.Status == IncidentStatus.Resolved ? ["reopen", "close", "note"] : ["note"]);

    private static Rejected? Unknown(ImmutableArray<ChecklistItem> list, ImmutableArray<string> ticked)
    {
        var unknown = Checklists.Unknown(list, ticked);
        return unknown.IsEmpty
            ? null
            : new Rejected(Rules.ArgumentMalformed, $"The checklist has no {string.Join(", ", unknown)}.", [.. list.Select(item => item.Id)]);
    }

    private static string Texts(ImmutableArray<ChecklistItem> list, ImmutableArray<string> ids) =>
        string.Join("; ", list.Where(item => ids.Contains(item.Id)).Select(item => item.Text));
}
