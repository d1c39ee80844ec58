using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// Alerts that belong to an ongoing incident join its timeline, once each; when all have resolved that is said, never acted on (SPEC §2).
/// What was told before is not told again, and what arrives late changes nothing: senders repeat, retry and run in pairs.
/// </summary>
internal static class IncidentAlerts
{
    public static Decision Join(IncidentState state, JoinAlerts join, World world)
    {
        if (WrongClocks(join.Alerts) is { } wrong) return wrong;
        if (!state.Status.IsOngoing())
            return Rejected.Conflict(Rules.IncidentStatus, $"{state.Id} is {state.Status.Name()}; alerts that fire again declare a new incident.");
        var fresh = join.Alerts
            .Where(alert => IsNews(state.Alerts.GetValueOrDefault(alert.Fingerprint), alert))
            .Select(alert => Ended(alert, world.Call.At))
            .ToList();
        var newGroup = join.Group is not null && !state.AlertGroups.Contains(join.Group);
        var decision = new Decision();
        var signals = Signal.Of(join, fresh);
        var criterion = fresh.Count > 0 ? SeverityCriteria.Met(signals, world.Policy.LossPerMinute) : null;
        if ((criterion is null ? Severity(state, join, fresh) : Incidents.Severity.Sev1) is { } severity && severity < state.Severity)
            decision = IncidentSeverity.Changed(state, severity, criterion?.Means ?? "an alert is more severe", world);
        ConditionHalts.Join(state, signals, world, decision);
        if (fresh.Count == 0 && !newGroup) return decision;
        decision.Add(ActorId.Incident(state.Id), new IncidentAlertsJoined(join.Group, [.. fresh]));
        var after = state.Alerts.SetItems(fresh.Select(alert => KeyValuePair.Create(alert.Fingerprint, alert)));
        if (join.Truncated || state.ResolutionSuggested || after.IsEmpty || after.Values.Any(alert => alert.Status == AlertStatus.Firing)) return decision;
        decision.Add(ActorId.Incident(state.Id), new IncidentResolutionSuggested());
        if (state.Atps is [var atp, ..])
        {
            decision.Add(new Tell(ActorId.Atp(atp), new Atps.PostNotice(
                state.Commander, MessageType.Decision, Priority.P1, $"All alerts of {state.Id} have resolved",
                $"Verify and resolve {state.Id} when it is true: {state.Title}.")));
        }

        return decision;
    }

    /// <summary>
    /// Whether an alert says what its incident does not know yet. One that fires again began after the last end: what began earlier is the
    /// same firing, told late (Alertmanager calls overlapping ones one alert and keeps the earliest start). An end belongs to the
    /// present firing unless it lies before that began. A source that does not say when goes by its status alone.
    /// </summary>
    private static bool IsNews(AlertSeen? known, AlertSeen seen) => (known?.Status, seen.Status) switch
    {
        (null, _) => true,
        _ when seen.StartsAt == default && seen.EndsAt is null => seen.Status != known!.Status,
        (AlertStatus.Firing, AlertStatus.Firing) => seen.StartsAt > known!.StartsAt || seen.Severity < known.Severity,
        (AlertStatus.Firing, _) => (seen.EndsAt ?? seen.StartsAt) >= known!.StartsAt,
        (_, AlertStatus.Firing) => seen.StartsAt > known!.StartsAt && seen.StartsAt >= (known.EndsAt ?? known.StartsAt),
        _ => seen.StartsAt > known!.StartsAt,
    };

    /// <summary>A source whose clock runs ahead must not keep what fires next from being news.</summary>
    private static AlertSeen Ended(AlertSeen alert, DateTimeOffset now) =>
        alert.Status == AlertStatus.Resolved && alert.EndsAt > now && alert.StartsAt <= now ? alert with { EndsAt = now } : alert;

    /// <summary>The highest severity that is news: repeating an alert or a declaration does not undo what the commander has lowered.</summary>
    private static Severity? Severity(IncidentState state, JoinAlerts join, List<AlertSeen> fresh)
    {
        if (join.Alerts.IsEmpty) return state.Refuted <= join.Severity ? null : join.Severity;
        var firing = fresh.Where(alert => alert.Status == AlertStatus.Firing).ToList();
        return firing.Count == 0 ? null : firing.Min(alert => alert.Severity ?? join.Severity);
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
