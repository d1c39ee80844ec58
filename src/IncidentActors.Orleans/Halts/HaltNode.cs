using IncidentActors.Core.Halts;
using IncidentActors.Engine.Halts;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace IncidentActors.Orleans.Halts;

/// <summary>This silo's gate, told by the silo that committed the halt.</summary>
[Reentrant]
internal sealed class HaltNode(GrainId id, Silo silo, ILoggerFactory logs, ILocalSiloDetails details, Turns turns)
    : GrainService(id, silo, logs), IHaltNode
{
    /// <summary>A commit that has not come to an end by then is the store's trouble; the fence decides about it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private HaltGate Gate => turns.Gate;

    public async Task<NodeConfirmation> LearnAsync(HaltRecord halt)
    {
        Gate.Learn(halt);
        if (halt.Active)
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await Gate.QuiescedAsync(halt.Id, patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Unconfirmed; whoever asks later sees when it is.
            }
        }

        return await StatusAsync(halt.Id);
    }

    public Task<NodeConfirmation> StatusAsync(string haltId)
    {
        var at = Gate.ConfirmedAt(haltId);
        return Task.FromResult(new NodeConfirmation(details.SiloAddress.ToParsableString(), at is not null, at));
    }
}
