using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Silo.Knowledge;

/// <summary>One entry of the knowledge base in memory.</summary>
[GrainType("knowledge")]
internal sealed class KnowledgeGrain(IGrainContext context, TurnExecutor turns)
    : KnowledgeActor(context.GrainId.Key.ToString()!, turns), IKnowledgeGrain, IGrainBase
{
    public IGrainContext GrainContext => context;

    public Task OnActivateAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);
}
