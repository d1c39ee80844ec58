using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>Closing: nothing is left to do that would be forgotten, and the eight success criteria of seed 002 hold or are skipped on record.</summary>
internal static class Closing
{
    public static Decision Close(IncidentState state, CloseIncident close, World world)
    {
        if (IncidentResponse.Unknown(Checklists.SuccessCriteria, close.Criteria) is { } unknown) return unknown;
        var decision = new Decision();
        var open = Obligations.Missing(world, decision, state);
        if (!open.IsEmpty && !world.Caller.Overrides)
            return new Rejected(Rules.IncidentObligation, $"{state.Id} is not closed while something is owed: {string.Join("; ", open)}.", open);
        var known = Obligations.Known(world, decision, state);
        var met = close.Criteria
            .Union(known.Where(fact => fact.Value).Select(fact => fact.Key))
            .Except(known.Where(fact => !fact.Value).Select(fact => fact.Key));
        var missing = Checklists.Missing(Checklists.SuccessCriteria, met);
        var reason = FilledText.IsFilled(close.OverrideReason) ? close.OverrideReason : world.Caller.Override;
        if (!missing.IsEmpty && reason is null)
        {
            var untrue = close.Criteria.Where(id => known.TryGetValue(id, out var holds) && !holds).ToList();
            var claimed = untrue.Count == 0 ? "" : $" Claimed, but not so: {string.Join(", ", untrue)}.";
            return new Rejected(
                Rules.IncidentChecklist,
                $"Not met yet: {IncidentResponse.Texts(Checklists.SuccessCriteria, missing)}.{claimed} "
                + "Name what is met in criteria; skip the rest on record with overrideReason.",
                missing);
        }

        decision.Add(
            ActorId.Incident(state.Id),
            new IncidentClosed(
                [.. Checklists.SuccessCriteria.Select(item => item.Id).Except(missing)], missing, missing.IsEmpty ? null : reason, close.Notes));
        foreach (var turn in ResponseWork.All(world, decision, state).Where(turn => turn.State.Finished))
            AtpMessages.WithdrawAll(turn, $"{state.Id} is closed");
        return decision;
    }
}
