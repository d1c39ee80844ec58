using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>Every transition of an incident notifies the human in the loop exactly once: by its flow's row, or else by the system (seed 000).</summary>
internal static class IncidentHitl
{
    /// <summary>Adds the notification where the decision moves an incident and nothing in it tells the operator.</summary>
    public static void Once(World world, Decision decision)
    {
        foreach (var moved in decision.Changes.Where(change => change.Actor.Kind == ActorKind.Incident).Select(change => change.Actor.Key).ToList())
        {
            if (world.Incident(moved) is not { } before || world.Incident(moved, decision) is not { } after) continue;
            if ((before.Status == after.Status && before.Severity == after.Severity) || IsTold(decision) || after.Atps is not [var first, ..]) continue;
            Notify(world, decision, before, after, first);
        }
    }

    private static bool IsTold(Decision decision) => decision.Events.Select(happened => happened.Event).Any(one => one switch
    {
        MessageSent { Type: MessageType.HITLNotification, To: Handle.Operator } => true,
        AtpMoved moved => moved.Owes.Any(IsHitl),
        AtpFollowUpCreated followUp => followUp.Owes.Any(IsHitl),
        _ => false,
    });

    private static bool IsHitl(OwedMessage owed) => owed is { Type: MessageType.HITLNotification, To: Handle.Operator };

    private static void Notify(World world, Decision decision, IncidentState before, IncidentState after, string atp)
    {
        var happened = decision.EventsOf(ActorId.Incident(after.Id));
        var what = before.Severity != after.Severity ? $"{before.Severity.Name()} → {after.Severity.Name()}"
            : happened.Any(one => one is IncidentReopened) ? "Reopened"
            : after.Status.ToString();
        var worst = Severities.Higher(before.Severity, after.Severity);
        var priority = after.Status is IncidentStatus.Closed ? Priority.P2 : (Priority)(worst - Severity.Sev1);
        var halts = string.Concat(decision.Events.Select(one => one.Event switch
        {
            HaltRaised raised => $" Work is halted ({raised.Scope}).",
            HaltLifted => $" {one.Actor.Key} is lifted.",
            _ => "",
        }));
        AtpMessages.Notify(
            AtpTurn.Of(world, atp, decision), Handle.Operator, MessageType.HITLNotification, priority, $"{what}: {after.Title}",
            $"{after.Id} ({after.Severity.Name()}) is {after.Status.Name()}, by {world.Call.By}. {Reason(happened)}{halts}".TrimEnd());
    }

    private static string Reason(IEnumerable<IEvent> happened) => happened.Select(one => one switch
    {
        IncidentReopened reopened => reopened.Reason,
        IncidentCanceled canceled => canceled.Reason,
        IncidentSeverityChanged changed => changed.Reason,
        IncidentResolved resolved => resolved.NoFix is { } none ? $"No fix was needed: {none}" : resolved.Summary ?? resolved.Fix,
        IncidentClosed closed => closed.OverrideReason is { } reason ? $"Skipped {string.Join(", ", closed.Skipped)}: {reason}" : closed.Notes,
        IncidentAssessed assessed => assessed.Broken,
        IncidentMitigationStarted started => started.Action,
        IncidentMitigated mitigated => mitigated.Notes,
        _ => null,
    }).OfType<string>().FirstOrDefault() ?? "";
}
