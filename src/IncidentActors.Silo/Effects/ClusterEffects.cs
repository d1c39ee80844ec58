using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Dispatch;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Silo.Effects;

/// <summary>Effects are applied by the grain of the actor that they are for; those of halts and permits, which have no place, here.</summary>
internal sealed class ClusterEffects(IGrainFactory grains, TurnExecutor turns) : IEffectTargets
{
    public Task<Outcome> ApplyAsync(ActorId target, EffectCommand effect) => target.Kind switch
    {
        ActorKind.Incident => ApplyAsync("incident", target, effect),
        ActorKind.Atp => ApplyAsync("atp", target, effect),
        _ => UnplacedEffects.ApplyAsync(turns, target, effect),
    };

    private Task<Outcome> ApplyAsync(string type, ActorId target, EffectCommand effect) =>
        grains.GetGrain<IEffectTargetGrain>(GrainId.Create(type, target.Key))
            .ApplyAsync(effect.EffectId, effect.LeaseToken, effect.Command, effect.Subject);
}
