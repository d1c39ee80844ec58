using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Routes;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// Alerts that belong to an ongoing incident join its timeline, once each; when all have resolved that is said, never acted on.
/// Senders repeat, retry and run in pairs: news is reported once, and an alert that arrives late changes nothing.
/// </summary>
internal static class IncidentAlerts
{
    private const int MaxTitle = 300;
    private const int MaxNames = 5;

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
        var signals = Signal.Of(join, fresh, state.Source);
        var routed = world.Routes.Of(signals);
        var criterion = fresh.Count > 0 ? SeverityCriteria.Met(signals, world.Policy.LossPerMinute) : null;
        var named = Named(state, fresh);
        ConditionHalts.Join(named, routed, world, decision);
        var enforced = routed.Any(one => one.Condition is { } condition && condition.Mode.IsEnforced() && !state.Conditions.Contains(condition.Id));
        if ((criterion is null && !enforced ? Severity(state, join, fresh) : Incidents.Severity.Sev1) is { } severity && severity < state.Severity)
        {
            var change = new ChangeSeverity(severity, criterion?.Means ?? Raises(fresh, severity));
            decision = IncidentSeverity.Change(named, change, world, decision, Declaration.MayHalt(routed, criterion is not null));
        }

        var later = join.Alerts.Where(alert => IsLaterStart(state.Alerts.GetValueOrDefault(alert.Fingerprint), alert)).Except(fresh);
        ImmutableArray<AlertSeen> kept = [.. fresh, .. later];
        if (kept.IsEmpty && !newGroup) return decision;
        decision.Add(ActorId.Incident(state.Id), new IncidentAlertsJoined(join.Group, kept));
        NotifyOfNew(state, fresh, decision);
        var after = state.Alerts.SetItems(fresh.Select(alert => KeyValuePair.Create(alert.Fingerprint, alert)));
        if (join.Truncated || state.ResolutionSuggested || after.IsEmpty || after.Values.Any(alert => alert.Status == AlertStatus.Firing)) return decision;
        decision.Add(ActorId.Incident(state.Id), new IncidentResolutionSuggested());
        if (state.Atps is [var atp, ..] && !IsToldAlready(state, atp, world))
        {
            decision.Add(new SendCommand(ActorId.Atp(atp), new PostNotice(
                state.Commander, MessageType.Decision, Priority.P1, $"All alerts of {state.Id} have resolved",
                $"Verify that the problem is over, then resolve {state.Id}: {state.Title}.")));
        }

        return decision;
    }

    /// <summary>
    /// Whether an alert says something new about its incident. A new firing starts after the last end: an earlier start is the same firing,
    /// reported late (Alertmanager merges overlapping firings into one alert and keeps the earliest start). An end belongs to the current
    /// firing unless it lies before its start. While the alert keeps firing, a later start is the same firing and nobody is notified; it is
    /// stored, because an end before it is an old one. For a source that sends no times only the status counts.
    /// </summary>
    private static bool IsNews(AlertSeen? known, AlertSeen seen) => (known?.Status, seen.Status) switch
    {
        (null, _) => true,
        _ when seen.StartsAt == default && seen.EndsAt is null => seen.Status != known!.Status,
        (AlertStatus.Firing, AlertStatus.Firing) => seen.Severity < known!.Severity,
        (AlertStatus.Firing, _) => (seen.EndsAt ?? seen.StartsAt) >= known!.StartsAt,
        (_, AlertStatus.Firing) => seen.StartsAt > known!.StartsAt && seen.StartsAt >= (known.EndsAt ?? known.StartsAt),
        _ => seen.StartsAt > known!.StartsAt,
    };

    private static bool IsLaterStart(AlertSeen? known, AlertSeen seen) =>
        known is { Status: AlertStatus.Firing } && seen.Status == AlertStatus.Firing && seen.StartsAt > known.StartsAt;

    /// <summary>The incident with the title of the new alert: responders and halted agents are notified of what has happened now, not of what the
    /// incident began with.</summary>
    private static IncidentState Named(IncidentState state, List<AlertSeen> fresh)
    {
        var leading = fresh.Where(alert => alert.Status == AlertStatus.Firing && !state.Alerts.ContainsKey(alert.Fingerprint))
            .MinBy(alert => alert.Severity ?? Incidents.Severity.Sev3);
        if (leading is null || state.Title == leading.Summary || state.Title == leading.Name) return state;
        return state with { Title = Shortened.To($"{Words(leading)} (joined: {state.Title})", MaxTitle) };
    }

    private static string Raises(List<AlertSeen> fresh, Severity severity) =>
        fresh.Find(alert => alert.Status == AlertStatus.Firing && alert.Severity == severity) is { } alert
            ? $"the alert {Shortened.To(Words(alert), MaxTitle)} is {severity.Name()}"
            : "an alert is more severe";

    private static string Words(AlertSeen alert) =>
        alert.Summary is { } summary && !summary.Contains(alert.Name, StringComparison.OrdinalIgnoreCase)
            ? $"{alert.Name}: {summary}"
            : alert.Summary ?? alert.Name;

    /// <summary>Notifies the commander, in one message, of alerts with a name that is new on the incident.</summary>
    private static void NotifyOfNew(IncidentState state, List<AlertSeen> fresh, Decision decision)
    {
        if (state.Atps is not [var atp, ..]) return;
        var known = state.Alerts.Values.Select(alert => alert.Name).ToHashSet();
        var added = fresh.Where(alert => alert.Status == AlertStatus.Firing && known.Add(alert.Name)).ToList();
        if (added.Count == 0 || state.Alerts.IsEmpty) return;
        var names = string.Join(", ", added.Take(MaxNames).Select(alert => alert.Name)) + (added.Count > MaxNames ? $" and {added.Count - MaxNames} more" : "");
        var urgent = added.Any(alert => alert.Severity <= Incidents.Severity.Sev2);
        decision.Add(new SendCommand(ActorId.Atp(atp), new PostNotice(
            state.Commander, MessageType.Escalation, urgent ? Priority.P1 : Priority.P2, Shortened.To($"New alert on {state.Id}: {names}", MaxTitle),
            $"{string.Join("\n", added.Take(MaxNames).Select(Words))}\n\nIt joined {state.Id}: {state.Title}.")));
    }

    /// <summary>The last suggestion is still unread: flapping alerts need not fill the inbox.</summary>
    private static bool IsToldAlready(IncidentState state, string atp, World world) =>
        world.Actors.Get(ActorId.Atp(atp)) is AtpState known
            && known.OpenMessages.Values.Any(open => open.From == Handle.System && open.To == state.Commander && open.Type == MessageType.Decision);

    /// <summary>Caps the end of a resolved alert at now: an end in the future, from a clock that runs ahead, would make the next firing look old.</summary>
    private static AlertSeen Ended(AlertSeen alert, DateTimeOffset now) =>
        alert.Status == AlertStatus.Resolved && alert.EndsAt > now && alert.StartsAt <= now ? alert with { EndsAt = now } : alert;

    /// <summary>The highest severity that is news: repeating an alert or a declaration does not undo what the commander has lowered.</summary>
    private static Severity? Severity(IncidentState state, JoinAlerts join, List<AlertSeen> fresh)
    {
        if (join.Alerts.IsEmpty) return state.Refuted <= join.Severity ? null : join.Severity;
        var firing = fresh.Where(alert => alert.Status == AlertStatus.Firing).ToList();
        return firing.Count == 0 ? null : firing.Min(alert => alert.Severity ?? join.Severity);
    }

    /// <summary>An alert that ended before it began is refused, because metrics computed from it would be silently wrong.</summary>
    public static Rejected? WrongClocks(ImmutableArray<AlertSeen> alerts) =>
        (alerts.IsDefault ? [] : alerts).FirstOrDefault(alert => alert.EndsAt < alert.StartsAt) is { } wrong
            ? new Rejected(
                Rules.IncidentTimes,
                $"The alert {wrong.Name} ({wrong.Fingerprint}) ended at {wrong.EndsAt:u}, before it began at {wrong.StartsAt:u}; "
                + "correct the clock of its source.")
            : null;
}
