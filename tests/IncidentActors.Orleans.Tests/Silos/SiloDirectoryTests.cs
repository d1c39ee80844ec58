using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Orleans.Tests.Silos;

/// <summary>What a silo's own host is told when another silo has its command and does not answer.</summary>
public sealed class SiloDirectoryTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly InMemoryJournal journal = new();
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync(journal);

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task A_refusal_is_not_given_while_another_silo_may_still_do_it()
    {
        await using var elsewhere = new EmbeddedEngine(journal, new EngineOptions(), NullLogger.Instance);
        await OkAsync(elsewhere.Atp("AT-1").DoAsync(new CreateAtp("work", null, null, null, null, null, null, "@dev"), By("@dev")));
        var host = await OtherHostAsync("AT-1");
        var entered = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        silos.BeforeCommit = () =>
        {
            entered.TrySetResult();
            return held.Task;
        };
        var sent = NoteAsync(host);
        await entered.Task;
        await OkAsync(elsewhere.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill", null), By("@operator")));

        Assert.False(Assert.IsType<Unavailable>(await sent.WaitAsync(Patience)).Known);

        await OkAsync(elsewhere.Halt("HLT-1").DoAsync(new LiftHalt(null, null), By("@operator")));
        held.SetResult();
        await OkAsync(NoteAsync(host));
        var history = await journal.HistoryAsync(ActorId.Atp("AT-1"), 0, 100, CancellationToken.None);
        Assert.Single(history, one => one.Name == "atp.noted.v1");
    }

    /// <summary>The host of a silo that has not the ATP's grain.</summary>
    private async Task<IActorDirectory> OtherHostAsync(string atp)
    {
        var client = silos.Cluster.Client;
        var grain = client.GetGrain<Atps.IAtpGrain>(atp);
        await grain.GetAsync();
        var place = await client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        var other = silos.Cluster.Silos.First(silo => silo.SiloAddress != place);
        return silos.Cluster.GetSiloServiceProvider(other.SiloAddress).GetRequiredService<IActorDirectory>();
    }

    private static Task<Outcome> NoteAsync(IActorDirectory through) =>
        through.Atp("AT-1").DoAsync(new SetAtp(null, "once", null, null, null, []), By("@dev", "k1"));
}
