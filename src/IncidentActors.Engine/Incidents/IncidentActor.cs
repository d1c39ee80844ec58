using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>One incident's turns.</summary>
public class IncidentActor(string id, Turns.Turns turns) : IIncident
{
    private readonly ActorId self = ActorId.Incident(id);

    public async Task<Outcome> DoAsync(IncidentCommand command, Call call) => (await TakeAsync(command, call)).Outcome;

    public async Task<IncidentView?> GetAsync()
    {
        var known = await turns.ReadAsync(self, CancellationToken.None);
        return known.State is IncidentState state ? IncidentView.Of(state, known.Version) : null;
    }

    internal Task<TurnResult> TakeAsync(IncidentCommand command, Call call, System.Collections.Immutable.ImmutableArray<SimilarIncident> similar = default) =>
        turns.TakeAsync(new TurnRequest(self, command, call)
        {
            Decide = (state, world) => IncidentDecider.Decide(id, (IncidentState?)state, command, world),
            SubjectOf = (state, world, decision) => Subjects.Of(state, world, decision, command, id),
            Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
            Identity = command is DeclareIncident ? "declare" : self.ToString(),
            Similar = similar.IsDefault ? [] : similar,
        });
}
