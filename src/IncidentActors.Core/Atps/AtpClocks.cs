using System.Globalization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Clocks of an ATP: messages not sent yet, messages not acknowledged, work that is late.</summary>
internal static class AtpClocks
{
    /// <summary>The ATP went from one state to another: stop the old state's budgets, start the new one's.</summary>
    public static void Entered(AtpTurn turn, string from, string to)
    {
        if (from == to) return;
        turn.StopClock($"within:{from}");
        if (turn.Flow.From(to).Select(row => row.Within).Where(within => within is not null).Min() is { } within)
            turn.StartClock($"within:{to}", within, turn.State.Owner);
        var before = turn.Flow.Phases.FirstOrDefault(phase => phase.States.Contains(from));
        var after = turn.Flow.Phases.FirstOrDefault(phase => phase.States.Contains(to));
        if (before == after) return;
        if (before is not null) turn.StopClock($"phase:{before.Id}");
        if (after is not null) turn.StartClock($"phase:{after.Id}", after.Within, turn.State.Owner);
    }

    /// <summary>The ATP has ended: all of its clocks stop.</summary>
    public static void StopAll(AtpTurn turn)
    {
        turn.StopClock(AtpDecider.DueClock);
        turn.StopClock($"within:{turn.State.Status}");
        if (turn.Flow.Phases.FirstOrDefault(phase => phase.States.Contains(turn.State.Status)) is { } phase) turn.StopClock($"phase:{phase.Id}");
    }

    public static Rejected? Ring(AtpTurn turn, string clock)
    {
        var colon = clock.IndexOf(':', StringComparison.Ordinal);
        var (kind, what) = colon < 0 ? (clock, "") : (clock[..colon], clock[(colon + 1)..]);
        switch (kind)
        {
            case "owed":
                if (turn.State.Owed.FirstOrDefault(owed => owed.Id == what) is { } owed) AtpMessages.SendOwed(turn, owed);
                break;
            case "ack":
                NotAcknowledged(turn, int.Parse(what, CultureInfo.InvariantCulture));
                break;
            case AtpMessages.NoticesClock:
                AtpMessages.NoticesOver(turn);
                break;
            case AtpDecider.DueClock:
                if (!turn.State.Finished) Late(turn, clock, $"{turn.Id} was due {turn.State.DueAt:u}", Priority.P0, turn.World.Policy.ReminderEvery);
                break;
            case "phase":
                var phase = turn.Flow.Phases.First(phase => phase.Id == what);
                Late(turn, clock, $"{turn.Id} overran {phase.Title}: more than {phase.Within.TotalMinutes:0} min", Priority.P1, null);
                break;
            case "within":
                if (turn.State.Status == what) Late(turn, clock, $"{turn.Id} has been {what} longer than its flow allows", Priority.P1, null);
                break;
            default:
                throw new InvalidOperationException($"an ATP cannot handle the clock '{clock}'");
        }

        return null;
    }

    private static void NotAcknowledged(AtpTurn turn, int number)
    {
        if (!turn.State.OpenMessages.TryGetValue(number, out var open) || turn.State.Canceled) return;
        if (turn.World.Policy.OneAcknowledgement && IsAnswered(turn, open)) return;
        var chain = Chain(turn).Where(handle => handle != open.To).DefaultIfEmpty(open.To).ToList();
        var answered = AtpMessages.IsSilent(turn) ? "acted on" : "acknowledged";
        var told = chain[Math.Min(open.TimesOverdue, chain.Count - 1)];
        turn.Add(new MessageOverdue(number, open.TimesOverdue + 1, told));
        AtpMessages.Notify(
            turn, told, MessageType.Escalation, open.Priority, $"Not {answered}: {turn.State.MessageId(number)} to {open.To}",
            $"{open.To} has not {answered} the {open.Type} on {turn.Id} ({turn.State.Title}) since {open.SentAt:u}.");
        var again = open.TimesOverdue + 1 < chain.Count ? turn.World.Policy.EscalationStep : turn.World.Policy.ReminderEvery;
        turn.StartClock($"ack:{number}", again, open.To);
    }

    /// <summary>A call to a first responder of an incident that another of the team has acknowledged; what a row orders is not answered so.</summary>
    private static bool IsAnswered(AtpTurn turn, OpenMessage open) =>
        open is { From: Handle.System, Entry: null } && turn.Incident is { Unanswered: false } incident && incident.Has(open.To);

    private static void Late(AtpTurn turn, string clock, string sentence, Priority priority, TimeSpan? again)
    {
        var times = 1 + turn.State.TimesOverdue(clock);
        turn.Add(new AtpOverdue(clock, times));
        var chain = Chain(turn);
        var told = chain[Math.Min(times - 1, chain.Count - 1)];
        var body = $"{turn.State.Title}\n\nOwner: {turn.State.Owner ?? "none"}.";
        foreach (var to in new[] { told, Handle.Operator }.Distinct())
            AtpMessages.Notify(turn, to, MessageType.Escalation, priority, sentence, body);
        if (again is { } interval) turn.StartClock(clock, interval, turn.State.Owner);
    }

    /// <summary>Who is notified, step by step: commander, the category's escalation, the operator.</summary>
    public static List<string> Chain(AtpTurn turn)
    {
        var incident = turn.Incident;
        var duty = incident is null ? null : turn.World.Roster.Duty(incident.Category);
        return
        [
            .. new[] { incident?.Commander ?? turn.World.Roster.HandleFor(Roles.Pm) }
                .Concat(duty?.Escalation ?? [])
                .Append(Handle.Operator)
                .Distinct(),
        ];
    }
}
