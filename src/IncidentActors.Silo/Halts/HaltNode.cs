using IncidentActors.Core.Halts;
using IncidentActors.Engine;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Turns;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace IncidentActors.Silo.Halts;

/// <summary>This silo's gate, told by the silo that committed the halt.</summary>
[Reentrant]
internal sealed class HaltNode(GrainId id, global::Orleans.Runtime.Silo silo, ILoggerFactory logs, EngineOptions options, TurnExecutor turns)
    : GrainService(id, silo, logs), IHaltNode
{
    /// <summary>A commit that has not come to an end by then is the store's trouble; the fence decides about it.</summary>
    private static readonly TimeSpan ConfirmationTimeout = TimeSpan.FromSeconds(10);

    private HaltGate Gate => turns.Gate;

    public async Task<NodeConfirmation> LearnAsync(HaltRecord halt)
    {
        Gate.Learn(halt);
        if (halt.Active)
        {
            using var timeout = new CancellationTokenSource(ConfirmationTimeout);
            try
            {
                await Gate.QuiescedAsync(halt.Id, timeout.Token);
            }
            catch (OperationCanceledException)
            {
                // Unconfirmed; a later query shows when it is confirmed.
            }
        }

        return await StatusAsync(halt.Id);
    }

    public Task<NodeConfirmation> StatusAsync(string haltId)
    {
        var at = Gate.ConfirmedAt(haltId);
        return Task.FromResult(new NodeConfirmation(options.Node, at is not null, at));
    }
}
