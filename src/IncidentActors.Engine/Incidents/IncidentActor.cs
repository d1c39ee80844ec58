using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>One incident's turns.</summary>
public class IncidentActor(string id, TurnExecutor turns) : Actor(ActorId.Incident(id), turns), IIncident
{
    /// <summary>What a declaration is known by under its idempotency key: it has no incident to name.</summary>
    internal const string DeclareIdentity = "declare";

    private readonly TurnExecutor turns = turns;

    public async Task<Outcome> DoAsync(IncidentCommand command, Call call)
    {
        var result = await TakeAsync(new TurnRequest(Self, command, call)
        {
            Decide = (state, world, clean) => IncidentDecider.Decide(id, (IncidentState?)state, (IncidentCommand)clean, world),
            SubjectOf = (state, world, decision) => HaltPolicy.SubjectOf(state, world, decision, command, id),
            Answer = (state, version, decision) => command is JoinAlerts { Declared: true }
                ? IncidentView.Of((IncidentState)state!, version) with { Created = false }
                : Answers.Of(state, version, decision, turns.Options),
            Identity = command is DeclareIncident ? DeclareIdentity : Self.ToString(),
        });
        return result.Outcome;
    }

    public Task<Outcome> ApplyAsync(EffectCommand effect) =>
        ApplyAsync(effect, (state, world, clean) => IncidentDecider.Decide(id, (IncidentState?)state, (IncidentCommand)clean, world));

    public async Task<IncidentView?> GetAsync()
    {
        var known = await turns.ReadAsync(Self, CancellationToken.None);
        return known.State is IncidentState state ? IncidentView.Of(state, known.Version) : null;
    }
}
