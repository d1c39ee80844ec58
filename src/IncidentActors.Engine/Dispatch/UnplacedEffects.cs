using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Dispatch;

/// <summary>Effects of actors that keep nothing in memory, halts and permits: any node takes their turns.</summary>
public static class UnplacedEffects
{
    public static async Task<Outcome> ApplyAsync(TurnExecutor turns, ActorId target, EffectCommand effect)
    {
        var request = new TurnRequest(target, effect.Command, new Call { At = default, Seed = "", By = Handle.System })
        {
            Decide = (state, world, clean) => clean switch
            {
                PermitCommand of => PermitDecider.Decide(target.Key, (PermitState?)state, of, world, new PermitFacts()),
                HaltCommand of => HaltDecider.Decide(target.Key, (HaltState?)state, of, world),
                _ => throw new InvalidOperationException($"an effect on a halt or a permit cannot carry the command {effect.Command.GetType().Name}"),
            },
            SubjectOf = (_, _, _) => effect.Subject,
            Consumes = new Consumption(effect.EffectId, effect.LeaseToken),
        };
        return (await turns.TakeAsync(request, new ActorMemory(target))).Outcome;
    }
}
