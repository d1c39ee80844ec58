using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Atps;

/// <summary>An ATP within one decision: events change the working copy at once, so that later steps of the decision see them.</summary>
/// <remarks>Several turns of one ATP in one decision see each other's events.</remarks>
internal sealed class AtpTurn(World world, string id, AtpState? stored, Decision decision)
{
    private AtpState? known = stored;
    private int folded;
    private Flow? flow;

    /// <summary>The ATP as this decision has changed it so far.</summary>
    public static AtpTurn Of(World world, string id, Decision decision) =>
        new(world, id, world.Actors.Get(ActorId.Atp(id)) as AtpState, decision);

    public World World => world;
    public Decision Decision => decision;
    public string Id => id;
    public ActorId Actor { get; } = ActorId.Atp(id);
    public bool Exists => Now is not null;
    public AtpState State => Now ?? throw new InvalidOperationException($"{id} does not exist");
    public Call Call => world.Call;

    /// <summary>The system created the ATP in this decision (a declaration): the messages of its first row are sent without a grace time.</summary>
    public bool SystemStarted { get; init; }

    /// <summary>The flow at the version that the ATP began with.</summary>
    public Flow Flow => flow ??= world.Flows.Find(State.Flow, State.FlowVersion)
        ?? throw new InvalidOperationException(
            $"{id} follows {State.Flow} version {State.FlowVersion}, which is not loaded; put its file back into the folder of --flows.");

    /// <summary>The incident as this decision has changed it so far; a declaration makes it in the same commit.</summary>
    public IncidentState? Incident => Now?.IncidentId is { } incidentId ? world.Incident(incidentId, decision) : null;

    public void Add(IEvent one) => decision.Add(Actor, one);

    /// <summary>Events of this ATP in this decision, in order.</summary>
    public IEnumerable<IEvent> Events => decision.EventsOf(Actor);

    /// <summary>Rules that would have refused what an override does.</summary>
    public List<string> Bypassed { get; } = [];

    public void Bypass(string rule)
    {
        if (!Bypassed.Contains(rule)) Bypassed.Add(rule);
    }

    /// <summary>An event of the ATP's incident, when it has one that is not over.</summary>
    public void AddToIncident(IEvent one)
    {
        if (State.IncidentId is { } incidentId) decision.Add(ActorId.Incident(incidentId), one);
    }

    /// <summary>Starts a clock that is paused while the handle or the ATP is halted.</summary>
    public void StartClock(string name, TimeSpan after, string? whose, ICommand? command = null) =>
        decision.Add(new StartClock(Actor, name, Call.At + after, command ?? new AtpTimeIsUp(name), SubjectOf(whose)));

    public void StopClock(string name) => decision.Add(new StopClock(Actor, name));

    private AtpState? Now
    {
        get
        {
            var events = decision.EventsOf(Actor);
            for (; folded < events.Count; folded++) known = AtpState.Evolve(id, known, new RecordedEvent(events[folded], Call.At, Call.By));
            return known;
        }
    }

    private Subject SubjectOf(string? handle) =>
        new(handle, handle is null ? null : world.Agent(handle)?.Team, id, State.IncidentId, State.Urgent);
}
