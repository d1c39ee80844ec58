using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// Whom a severity calls (seed 002, severity levels): P0 all hands on deck, P1 the primary team, P2 the assigned team member, who is
/// directed anyway. Nobody is told twice by one declaration, and nobody of what they do themselves.
/// </summary>
internal static class Hands
{
    /// <summary>Tells everybody on the incident whom neither the flow's first row nor a condition has told.</summary>
    public static void Call(AtpTurn turn)
    {
        if (turn.Incident is not { } incident) return;
        var told = turn.Happened.OfType<MessageSent>().Select(sent => sent.To).Concat(turn.State.Owed.Select(owed => owed.To)).ToHashSet();
        foreach (var notice in Notices(turn.World, incident, incident.Severity).Where(notice => !told.Contains(notice.To))) AtpMessages.Post(turn, notice);
    }

    /// <summary>The incident becomes so severe in this decision: everybody whom that calls is told on its first ATP.</summary>
    public static void Call(World world, Decision decision, IncidentState incident, Severity severity)
    {
        if (incident.Atps is not [var id, ..] || world.Actors.Get(ActorId.Atp(id)) is not AtpState atp) return;
        var turn = new AtpTurn(world, id, atp, decision);
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
            $"{incident.Id} ({severity.Name()}, {incident.Category.ToString().ToLowerInvariant()}): {incident.Title}. {incident.Commander} commands."));
    }

    /// <summary>Seed 003, condition 4: a financial error is escalated immediately, whoever recognises it.</summary>
    private static IEnumerable<string> AtOnce(World world, IncidentState incident) =>
        world.Roster.Duty(incident.Category) is { Immediately: true } duty ? duty.Escalation : [];
}
