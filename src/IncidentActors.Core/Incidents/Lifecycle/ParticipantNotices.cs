using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>Notifies everybody who was called for an incident, once each, that it was canceled or reopened.</summary>
internal static class ParticipantNotices
{
    /// <summary>Commander, responders, everybody whom an escalation reached, and every recipient of a message on one of the ATPs; without the caller and
    /// the operator, who is notified as the human in the loop.</summary>
    public static List<string> Of(World world, Decision decision, IncidentState incident) =>
    [
        .. incident.Responders.Select(responder => responder.Handle)
            .Prepend(incident.Commander)
            .Concat(incident.Escalations.Values.SelectMany(escalation => escalation.Told))
            .Concat(ResponseWork.All(world, decision, incident)
                .SelectMany(turn => turn.State.Told.Concat(turn.State.OpenMessages.Values.Select(open => open.To))))
            .Where(handle => handle != world.Call.By && handle != Handle.Operator)
            .Distinct(),
    ];

    public static void Send(World world, Decision decision, IncidentState incident, IEnumerable<string> whom, Priority priority, string subject, string body)
    {
        if (incident.Atps is not [var first, ..]) return;
        var turn = AtpTurn.Of(world, first, decision);
        foreach (var handle in whom) AtpMessages.Notify(turn, handle, MessageType.Decision, priority, subject, body);
    }
}
