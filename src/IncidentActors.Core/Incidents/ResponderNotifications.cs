using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// Whom a severity calls (seed 002, severity levels): P0 all hands on deck, P1 the primary team, P2 the assigned team member, who is
/// directed anyway. One declaration notifies each recipient once, and does not notify callers of their own actions.
/// </summary>
internal static class ResponderNotifications
{
    /// <summary>Notifies everybody on the incident whom neither the flow's first row nor a condition has notified.</summary>
    /// <param name="title">What has happened now; null for the title of the incident.</param>
    public static void Call(AtpTurn turn, string? title = null)
    {
        if (turn.Incident is not { } known) return;
        var incident = known with { Title = title ?? known.Title };
        var told = turn.Events.OfType<MessageSent>().Select(sent => sent.To).Concat(turn.State.Owed.Select(owed => owed.To)).ToHashSet();
        foreach (var notice in Notices(turn.World, incident, incident.Severity).Where(notice => !told.Contains(notice.To))) AtpMessages.Post(turn, notice);
    }

    /// <summary>This decision raises the severity: everybody whom the new severity calls is notified on the incident's first ATP.</summary>
    public static void Call(World world, Decision decision, IncidentState incident, Severity severity)
    {
        if (incident.Atps is not [var id, ..]) return;
        var turn = AtpTurn.Of(world, id, decision);
        foreach (var notice in Notices(world, incident, severity)) AtpMessages.Post(turn, notice);
    }

    private static IEnumerable<PostNotice> Notices(World world, IncidentState incident, Severity severity)
    {
        var called = severity switch
        {
            Severity.Sev1 => incident.Responders.Select(responder => responder.Handle).Concat(AtOnce(world, incident)),
            Severity.Sev2 => incident.Responders.Where(responder => responder.Role == Declaration.FirstResponder).Select(responder => responder.Handle),
            _ => [],
        };
        var (subject, priority) = severity == Severity.Sev1 ? ("🚨 All hands on deck", Priority.P0) : ("Primary team", Priority.P1);
        return called.Distinct().Where(handle => handle != world.Call.By).Select(handle => new PostNotice(
            handle, MessageType.Escalation, priority, $"{subject}: {incident.Title}",
            $"{incident.Id} ({severity.Name()}, {incident.Category.ToString().ToLowerInvariant()}): {incident.Title}. The commander is {incident.Commander}."));
    }

    /// <summary>Seed 003, condition 4: a financial error is escalated immediately, regardless of who recognises it.</summary>
    private static IEnumerable<string> AtOnce(World world, IncidentState incident) =>
        world.Roster.Duty(incident.Category) is { Immediately: true } duty ? duty.Escalation : [];
}
