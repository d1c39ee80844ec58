using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Turns;

/// <summary>
/// One actor in memory: takes its turns and keeps what they have shown. It takes one turn at a time, which its caller sees to (a grain is
/// not reentrant); reads may run during a turn.
/// </summary>
public abstract class Actor(ActorId self, TurnExecutor turns)
{
    private readonly ActorMemory memory = new(self);

    protected ActorId Self => self;

    /// <summary>Reads the actor's state into memory, so that its first turn need not. A failure is the first turn's to report: it reads again.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        try
        {
            memory.Keep(self, await turns.ReadAsync(self, cancel));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            memory.ForgetAll();
        }
    }

    private protected Task<TurnResult> TakeAsync(TurnRequest request) => turns.TakeAsync(request, memory);

    /// <summary>Applies an effect: a command of the engine itself, consumed in the commit of the turn.</summary>
    private protected async Task<Outcome> ApplyAsync(EffectCommand effect, Func<IActorState?, World, ICommand, Decision> decide)
    {
        var call = new Call { At = default, Seed = "", By = Handle.System };
        var result = await TakeAsync(new TurnRequest(self, effect.Command, call)
        {
            Decide = decide,
            SubjectOf = (_, _, _) => effect.Subject,
            Consumes = new Consumption(effect.EffectId, effect.LeaseToken),
        });
        return result.Outcome;
    }
}

/// <summary>An effect that is applied at its actor.</summary>
/// <param name="LeaseToken">Of the node that has taken the effect: without it nothing is applied.</param>
/// <param name="Subject">The effect's subject under halts; null if exempt.</param>
public sealed record EffectCommand(string EffectId, string LeaseToken, ICommand Command, Subject? Subject);
