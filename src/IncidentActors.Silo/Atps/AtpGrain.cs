using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Turns;
using IncidentActors.Silo.Effects;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace IncidentActors.Silo.Atps;

/// <summary>One ATP in memory: one turn at a time, concurrent views.</summary>
[GrainType("atp")]
[MayInterleave(nameof(IsView))]
internal sealed class AtpGrain(IGrainContext context, TurnExecutor turns)
    : AtpActor(context.GrainId.Key.ToString()!, turns), IAtpGrain, IEffectTargetGrain, IGrainBase
{
    public IGrainContext GrainContext => context;

    public Task OnActivateAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public Task<Outcome> ApplyAsync(string effectId, string leaseToken, ICommand command, Subject? subject) =>
        ApplyAsync(new EffectCommand(effectId, leaseToken, command, subject));

    public static bool IsView(IInvokable call) => call.GetMethodName() == nameof(GetAsync);
}
