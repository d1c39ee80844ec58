using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;

namespace IncidentActors.Core.Halts;

/// <summary>
/// The subject of a turn, a clock, a permit or an agent's work: the one place that says what halts are compared with. Null is exempt: the
/// operator, the owner who names a reason, what alerts say, declaring an incident, and what is needed to see and to lift a halt.
/// </summary>
public static class HaltPolicy
{
    private const string ServiceLabel = "service";
    private static readonly ImmutableArray<string> EnvironmentLabels = ["environment", "env"];

    /// <summary>An agent's ordinary work.</summary>
    public static Subject? SubjectOf(AgentInfo agent) => agent.OutranksHalts ? null : new Subject(agent.Handle, agent.Team);

    /// <summary>An agent's work on an ATP that it was given. It serves the ATP's incident, and is urgent by its flow or because the incident is,
    /// which may have become so later.</summary>
    public static Subject? SubjectOf(AgentInfo agent, AtpState atp, IncidentState? incident) =>
        agent.OutranksHalts ? null : OfAtp(agent, atp, incident);

    /// <summary>Work on an open ATP, regardless of who does it.</summary>
    /// <param name="owner">The ATP's owner; null if it has none.</param>
    public static Subject SubjectOf(AtpState atp, AgentInfo? owner, IncidentState? incident) =>
        OfAtp(owner ?? new AgentInfo(atp.Owner ?? "", []), atp, incident);

    /// <summary>A clock of an incident: the incident's own halt never covers it, another severity's halt spares urgent ones.</summary>
    internal static Subject SubjectOf(IncidentBrief incident, string? team) =>
        Located(new Subject(incident.Commander, team, RespondsTo: incident.Id, Urgent: incident.Severity <= Severity.Sev2), incident.Labels);

    /// <summary>A command's turn, after it was decided.</summary>
    /// <param name="home">The state of the actor that decides; null if it is being born.</param>
    /// <param name="key">The key of the actor that decides.</param>
    public static Subject? SubjectOf(IActorState? home, World world, Decision decision, ICommand command, string key)
    {
        if (world.Caller.OutranksHalts || command is DeclareIncident) return null;
        var events = decision.Changes.SelectMany(change => change.Events).ToList();
        if (command is JoinAlerts join && (!join.Alerts.IsEmpty || !events.Exists(one => one is IncidentSeverityChanged))) return null;
        if (events.Exists(one => one is IncidentDeclared)) return null;
        return command switch
        {
            IncidentCommand => OfIncident(home as IncidentState, world.Caller),
            AtpCommand when home is AtpState atp => OfAtp(world.Caller, atp, world.Incident(atp.IncidentId)),
            AtpCommand => OfNewAtp(key, events.OfType<AtpCreated>().FirstOrDefault(), world),
            _ => null,
        };
    }

    /// <summary>An outside action. It serves the incident of an ATP that the caller owns, or whose incident it responds to.</summary>
    public static Subject? SubjectOf(AgentInfo caller, RequestPermit request, AtpState? atp, IncidentState? incident, bool reads)
    {
        if (caller.OutranksHalts) return null;
        var serves = atp is { Finished: false } && (atp.Owner == caller.Handle || incident?.Has(caller.Handle) == true);
        return new Subject(
            caller.Handle, caller.Team, atp?.Id, serves ? atp!.IncidentId : null, serves && (atp!.Urgent || incident?.Urgent == true), request.Target,
            request.Environment, request.Action, reads);
    }

    private static Subject OfIncident(IncidentState? incident, AgentInfo caller) => Located(
        new Subject(
            caller.Handle, caller.Team, RespondsTo: incident?.Has(caller.Handle) == true ? incident.Id : null,
            Urgent: incident?.Severity <= Severity.Sev2),
        incident?.Labels);

    private static Subject OfAtp(AgentInfo agent, AtpState atp, IncidentState? incident) => Located(
        new Subject(agent.Handle, agent.Team, atp.Id, atp.IncidentId, atp.Urgent || incident?.Urgent == true), incident?.Labels);

    /// <summary>A new ATP is begun for an incident by its responders only.</summary>
    private static Subject OfNewAtp(string id, AtpCreated? born, World world)
    {
        var incident = world.Incident(born?.IncidentId);
        var responds = incident?.Has(world.Caller.Handle) == true ? incident.Id : null;
        return Located(
            new Subject(world.Caller.Handle, world.Caller.Team, id, responds, born?.Urgent == true || incident?.Urgent == true), incident?.Labels);
    }

    /// <summary>Adds the service and the environment of the incident, from its labels <c>service</c> and <c>environment</c> (or <c>env</c>).</summary>
    private static Subject Located(Subject subject, ImmutableSortedDictionary<string, string>? labels) => labels is null ? subject : subject with
    {
        Service = labels.GetValueOrDefault(ServiceLabel),
        Environment = EnvironmentLabels.Select(label => labels.GetValueOrDefault(label)).FirstOrDefault(value => value is not null),
    };
}
