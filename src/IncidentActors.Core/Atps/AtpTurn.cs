using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Atps;

/// <summary>An ATP within one decision: events change the working copy at once, so that later steps of the decision see them.</summary>
internal sealed class AtpTurn(World world, string id, AtpState? state, Decision decision)
{
    private Flow? flow;

    public World World => world;
    public Decision Decision => decision;
    public string Id => id;
    public ActorId Actor { get; } = ActorId.Atp(id);
    public bool Exists => state is not null;
    public AtpState State => state ?? throw new InvalidOperationException($"{id} does not exist");
    public Call Call => world.Call;

    /// <summary>The system created the ATP in this decision (a declaration): nobody gets a grace time for what its first row owes.</summary>
    public bool SystemStarted { get; init; }

    /// <summary>The flow at the version that the ATP began with.</summary>
    public Flow Flow => flow ??= world.Flows.Find(State.Flow, State.FlowVersion)
        ?? throw new InvalidOperationException($"{id} follows {State.Flow} version {State.FlowVersion}, which is not loaded; load that file again.");

    /// <summary>The incident as this decision has changed it so far; a declaration makes it in the same commit.</summary>
    public IncidentState? Incident => state?.IncidentId is { } incidentId
        ? decision.Changes
            .Where(change => change.Actor == ActorId.Incident(incidentId))
            .SelectMany(change => change.Events)
            .Aggregate(world.Incident(incidentId), (incident, one) => IncidentState.Evolve(incidentId, incident, new Happened(one, Call.At, Call.By)))
        : null;

    public void Happen(IEvent one)
    {
        decision.Add(Actor, one);
        state = AtpState.Evolve(id, state, new Happened(one, Call.At, Call.By));
    }

    /// <summary>Events of this ATP in this decision, in order.</summary>
    public IEnumerable<IEvent> Happened =>
        decision.Changes.Where(change => change.Actor == Actor).SelectMany(change => change.Events);

    /// <summary>Rules that would have refused what an override does.</summary>
    public List<string> Bypassed { get; } = [];

    public void Bypass(string rule)
    {
        if (!Bypassed.Contains(rule)) Bypassed.Add(rule);
    }

    /// <summary>An event of the ATP's incident, when it has one that is not over.</summary>
    public void Tell(IEvent one)
    {
        if (State.IncidentId is { } incidentId) decision.Add(ActorId.Incident(incidentId), one);
    }

    /// <summary>Starts a clock that stands still while the handle or the ATP is halted.</summary>
    public void StartClock(string name, TimeSpan after, string? whose, ICommand? command = null) =>
        decision.Add(new StartClock(Actor, name, Call.At + after, command ?? new AtpTimeIsUp(name), SubjectOf(whose)));

    public void StopClock(string name) => decision.Add(new StopClock(Actor, name));

    private Subject SubjectOf(string? handle) =>
        new(handle, handle is null ? null : world.Agent(handle)?.Team, id, State.IncidentId, State.Urgent);
}
