using System.Collections.Immutable;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace IncidentActors.Orleans.Halts;

/// <summary>
/// Tells every silo of a halt that is committed: one call per silo, however many agents there are. A silo that cannot be told
/// loses nothing but time, because the journal refuses its covered turns.
/// </summary>
internal sealed partial class HaltBroadcast(IServiceProvider services, IClusterMembershipService members, ILogger<HaltBroadcast> log)
    : GrainServiceClient<IHaltNode>(services), INodeConfirmations
{
    /// <summary>Whoever looks at a halt in an incident does not wait longer for a silo that is silent: it is shown as unconfirmed.</summary>
    private static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(2);

    public void Tell(HaltRecord halt) => _ = Task.Run(() => TellAsync(halt));

    /// <summary>Completes when every silo that is there has answered.</summary>
    public Task<ImmutableArray<NodeConfirmation>> TellAsync(HaltRecord halt) => AskAsync(node => node.LearnAsync(halt));

    public async ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId) =>
        await AskAsync(node => node.StatusAsync(haltId).WaitAsync(HeardWithin));

    private async Task<ImmutableArray<NodeConfirmation>> AskAsync(Func<IHaltNode, Task<NodeConfirmation>> ask)
    {
        var silos = members.CurrentSnapshot.Members.Values
            .Where(member => member.Status is SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown)
            .Select(member => member.SiloAddress).Order();
        return [.. await Task.WhenAll(silos.Select(silo => AskAsync(silo, ask)))];
    }

    private async Task<NodeConfirmation> AskAsync(SiloAddress silo, Func<IHaltNode, Task<NodeConfirmation>> ask)
    {
        try
        {
            return await ask(GetGrainService(silo));
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or JournalUnavailableException)
        {
            LogUnheard(log, silo, error.Message);
            return new NodeConfirmation(silo.ToParsableString(), false, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} did not answer about a halt: {Sentence}")]
    private static partial void LogUnheard(ILogger log, SiloAddress silo, string sentence);
}
