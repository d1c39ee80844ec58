using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Knowledge;

/// <summary>The turns of one entry of the knowledge base.</summary>
public class KnowledgeActor(string id, TurnExecutor turns) : Actor(ActorId.Knowledge(id), turns), IKnowledge
{
    public async Task<Outcome> DoAsync(KnowledgeCommand command, Call call)
    {
        var result = await TakeAsync(new TurnRequest(Self, command, call)
        {
            Decide = (state, world, clean) => KnowledgeDecider.Decide(id, (KnowledgeState?)state, (KnowledgeCommand)clean, world),
            SubjectOf = (_, world, _) => SubjectOf(command, world),
            Answer = (state, version, _) => KnowledgeView.Of((KnowledgeState)state!, version),
            Identity = Self.ToString(),
        });
        return result.Outcome;
    }

    private static Subject? SubjectOf(KnowledgeCommand command, World world)
    {
        var incident = (command as ImportKnowledge)?.Entry.IncidentId;
        return HaltPolicy.SubjectOf(world.Caller) is { } subject && world.Incident(incident)?.Has(world.Caller.Handle) == true
            ? subject with { RespondsTo = incident }
            : HaltPolicy.SubjectOf(world.Caller);
    }
}
