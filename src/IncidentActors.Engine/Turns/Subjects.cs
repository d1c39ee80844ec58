using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Engine.Turns;

/// <summary>
/// Whom a turn stands for (SPEC §4): what halts are compared with. Null is exempt:
/// the operator, the owner, what alerts say, declaring what does not raise the severity of an ongoing incident, and what is needed to see
/// and to lift a halt.
/// </summary>
internal static class Subjects
{
    public static Subject? Of(IActorState? home, World world, Decision decision, ICommand command, string key)
    {
        var caller = world.Caller;
        if (caller.OutranksHalts || command is DeclareIncident) return null;
        var events = decision.Changes.SelectMany(change => change.Events);
        if (command is JoinAlerts join && (!join.Alerts.IsEmpty || !events.Any(one => one is IncidentSeverityChanged))) return null;
        if (events.Any(one => one is IncidentDeclared)) return null;
        return command switch
        {
            IncidentCommand => OfIncident(home as IncidentState, world),
            AtpCommand => OfAtp(home as AtpState, world, decision, key),
            _ => null,
        };
    }

    /// <summary>Urgent as its clocks are: whoever must answer them in time may.</summary>
    private static Subject OfIncident(IncidentState? incident, World world)
    {
        var caller = world.Caller;
        var responds = incident is not null && incident.Has(caller.Handle) ? incident.Id : null;
        return new Subject(caller.Handle, caller.Team, null, responds, incident?.Severity <= Severity.Sev2);
    }

    /// <summary>
    /// An incident's own ATP may be worked by whoever it was given to; a new one is begun for it by its responders only. It is urgent by its
    /// flow, or because the incident is, which may have become so later.
    /// </summary>
    private static Subject OfAtp(AtpState? atp, World world, Decision decision, string key)
    {
        var caller = world.Caller;
        if (atp is not null)
            return new Subject(caller.Handle, caller.Team, key, atp.IncidentId, atp.Urgent || world.Incident(atp.IncidentId)?.Urgent == true);
        var born = decision.Changes.SelectMany(change => change.Events).OfType<AtpCreated>().FirstOrDefault();
        var incident = world.Incident(born?.IncidentId);
        var responds = incident?.Has(caller.Handle) == true ? incident.Id : null;
        return new Subject(caller.Handle, caller.Team, key, responds, born?.Urgent == true || incident?.Urgent == true);
    }
}
