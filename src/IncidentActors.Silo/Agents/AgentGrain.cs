using IncidentActors.Engine.Agents;
using IncidentActors.Engine.Turns;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace IncidentActors.Silo.Agents;

/// <summary>One agent in memory: one turn at a time, concurrent views.</summary>
[GrainType("agent")]
[MayInterleave(nameof(IsView))]
internal sealed class AgentGrain(IGrainContext context, TurnExecutor turns)
    : AgentActor(context.GrainId.Key.ToString()!, turns), IAgentGrain, IGrainBase
{
    public IGrainContext GrainContext => context;

    public Task OnActivateAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public static bool IsView(IInvokable call) => call.GetMethodName() is nameof(GetAsync) or nameof(PeekInboxAsync);
}
