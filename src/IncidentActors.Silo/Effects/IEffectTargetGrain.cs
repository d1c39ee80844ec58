using IncidentActors.Core.Decisions;

namespace IncidentActors.Silo.Effects;

/// <summary>An actor that effects and clocks are for: incidents and ATPs.</summary>
[Alias("incident-actors.effect-target")]
internal interface IEffectTargetGrain : IGrainWithStringKey
{
    /// <summary>Applies an effect in the actor's turn.</summary>
    /// <param name="leaseToken">Of the silo that has taken the effect: without it nothing is applied.</param>
    /// <param name="subject">The effect's subject under halts; null if exempt.</param>
    [Alias("apply")]
    Task<Outcome> ApplyAsync(string effectId, string leaseToken, ICommand command, Subject? subject);
}
