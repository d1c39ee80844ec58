using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Dispatch;

/// <summary>Where effects are applied: at the actor that they are for, wherever it is in memory.</summary>
public interface IEffectTargets
{
    /// <summary>What became of it: <see cref="Rejected"/> with a halt's notice when a halt covers it, <see cref="Unavailable"/> when the
    /// actor or the store could not be reached.</summary>
    Task<Outcome> ApplyAsync(ActorId target, EffectCommand effect);
}
