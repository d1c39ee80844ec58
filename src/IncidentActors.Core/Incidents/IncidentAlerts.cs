using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>Alerts that belong to an ongoing incident join its timeline, once each; when all have resolved that is said, never acted on (SPEC §2).</summary>
internal static class IncidentAlerts
{
    public static Decision Join(IncidentState state, JoinAlerts join, World world)
    {
        if (WrongClocks(join.Alerts) is { } wrong) return wrong;
        if (!state.Status.IsOngoing())
            return Rejected.Conflict(Rules.IncidentStatus, $"{state.Id} is {state.Status.Name()}; alerts that fire again declare a new incident.");
        var fresh = join.Alerts.Where(alert => !(state.Alerts.TryGetValue(alert.Fingerprint, out var known)
            && known.Status == alert.Status && known.StartsAt == alert.StartsAt)).ToList();
        var newGroup = join.Group is not null && !state.AlertGroups.Contains(join.Group);
        var decision = new Decision();
        var worse = join.Severity is { } severity && severity < state.Severity;
        if (worse) decision = IncidentSeverity.Changed(state, join.Severity!.Value, "an alert is more severe", world);
        ConditionHalts.Join(state, join, world, decision);
        if (fresh.Count == 0 && !newGroup) return decision;
        decision.Add(ActorId.Incident(state.Id), new IncidentAlertsJoined(join.Group, [.. fresh]));
        var after = state.Alerts.SetItems(fresh.Select(alert => KeyValuePair.Create(alert.Fingerprint, alert)));
        if (state.ResolutionSuggested || after.IsEmpty || after.Values.Any(alert => alert.Status == AlertStatus.Firing)) return decision;
        decision.Add(ActorId.Incident(state.Id), new IncidentResolutionSuggested());
        if (state.Atps is [var atp, ..])
        {
            decision.Add(new Tell(ActorId.Atp(atp), new Atps.PostNotice(
                state.Commander, MessageType.Decision, Priority.P1, $"All alerts of {state.Id} have resolved",
                $"Verify and resolve {state.Id} when it is true: {state.Title}.")));
        }

        return decision;
    }

    /// <summary>An alert that ended before it began is refused whole: figures made of it would be wrong and nobody would see it.</summary>
    public static Rejected? WrongClocks(ImmutableArray<AlertSeen> alerts) =>
        (alerts.IsDefault ? [] : alerts).FirstOrDefault(alert => alert.EndsAt < alert.StartsAt) is { } wrong
            ? new Rejected(
                Rules.IncidentTimes,
                $"The alert {wrong.Name} ({wrong.Fingerprint}) ended at {wrong.EndsAt:u}, before it began at {wrong.StartsAt:u}; "
                + "put the clock of its source right.")
            : null;
}
