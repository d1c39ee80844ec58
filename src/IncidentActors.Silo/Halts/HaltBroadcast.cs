using System.Collections.Immutable;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace IncidentActors.Silo.Halts;

/// <summary>
/// Sends a committed halt to every silo: one call per silo, independent of the number of agents. If a silo cannot be reached, only time is
/// lost: the journal refuses its covered turns.
/// </summary>
internal sealed partial class HaltBroadcast(IServiceProvider services, IClusterMembershipService members, ILogger<HaltBroadcast> log)
    : GrainServiceClient<IHaltNode>(services), INodes
{
    /// <summary>Maximum time to wait for a silo's confirmation. After that the silo is reported as unconfirmed.</summary>
    private static readonly TimeSpan ConfirmationTimeout = TimeSpan.FromSeconds(2);

    public void Send(HaltRecord halt) => _ = Task.Run(() => AskAsync(node => node.LearnAsync(halt)));

    public async ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId) =>
        [.. (await StatusAsync(haltId)).Select(answer => answer.Confirmation ?? new NodeConfirmation(answer.Name, false, null))];

    public async ValueTask<(int Alive, int Silent)> CountAsync()
    {
        var answers = await StatusAsync("");
        var alive = answers.Count(answer => answer.Confirmation is not null);
        return (alive, answers.Length - alive);
    }

    private Task<(string Name, NodeConfirmation? Confirmation)[]> StatusAsync(string haltId) =>
        AskAsync(node => node.StatusAsync(haltId).WaitAsync(ConfirmationTimeout));

    private Task<(string Name, NodeConfirmation? Confirmation)[]> AskAsync(Func<IHaltNode, Task<NodeConfirmation>> ask)
    {
        var silos = members.CurrentSnapshot.Members.Values
            .Where(member => member.Status is SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown)
            .OrderBy(member => member.Name, StringComparer.Ordinal);
        return Task.WhenAll(silos.Select(async silo => (silo.Name, await AskAsync(silo, ask))));
    }

    /// <summary>The answer of a silo, or null if it did not answer.</summary>
    private async Task<NodeConfirmation?> AskAsync(ClusterMember silo, Func<IHaltNode, Task<NodeConfirmation>> ask)
    {
        try
        {
            return await ask(GetGrainService(silo.SiloAddress));
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or JournalUnavailableException)
        {
            LogUnheard(log, silo.Name, error.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} did not answer about a halt: {Sentence}")]
    private static partial void LogUnheard(ILogger log, string silo, string sentence);
}
