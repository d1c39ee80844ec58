using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Turns;
using IncidentActors.Silo.Effects;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace IncidentActors.Silo.Incidents;

/// <summary>One incident in memory: one turn at a time, concurrent views.</summary>
[GrainType("incident")]
[MayInterleave(nameof(IsView))]
internal sealed class IncidentGrain(IGrainContext context, TurnExecutor turns)
    : IncidentActor(context.GrainId.Key.ToString()!, turns), IIncidentGrain, IEffectTargetGrain, IGrainBase
{
    public IGrainContext GrainContext => context;

    public Task OnActivateAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public Task<Outcome> ApplyAsync(string effectId, string leaseToken, ICommand command, Subject? subject) =>
        ApplyAsync(new EffectCommand(effectId, leaseToken, command, subject));

    public static bool IsView(IInvokable call) => call.GetMethodName() == nameof(GetAsync);
}
