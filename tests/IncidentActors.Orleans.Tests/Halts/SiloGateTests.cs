using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Orleans.Tests.Halts;

/// <summary>What a halt does to the gates of silos.</summary>
public sealed class SiloGateTests : IAsyncLifetime
{
    private readonly InMemoryJournal journal = new();
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync(journal);

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task Every_silo_is_told_of_a_halt_and_of_its_end()
    {
        await RaiseAsync("HLT-1");
        await EventuallyAsync(() => silos.Cluster.Silos.All(silo => silos.Engine(silo).Turns.Gate.Active.Any(halt => halt.Id == "HLT-1")));

        await OkAsync(silos.Actors.Halt("HLT-1").DoAsync(new LiftHalt(null, null), By("@operator")));
        await EventuallyAsync(() => silos.Cluster.Silos.All(silo => silos.Engine(silo).Turns.Gate.Active.Count == 0));
    }

    [BehaviourFact]
    public async Task A_silo_that_joins_during_a_halt_starts_with_its_gate_closed_and_is_counted()
    {
        await RaiseAsync("HLT-1");

        var late = await silos.Cluster.StartAdditionalSiloAsync();

        Assert.Equal("HLT-1", Assert.Single(silos.Engine(late).Turns.Gate.Active).Id);
        await EventuallyAsync(async () => (await silos.Actors.Halt("HLT-1").GetAsync())!.Nodes.Count(node => node.Confirmed) == 4);
    }

    [BehaviourFact]
    public async Task A_silo_confirms_only_when_its_last_covered_turn_has_ended_and_that_turn_is_not_committed()
    {
        await OkAsync(silos.Actors.Atp("AT-1").DoAsync(new CreateAtp("work", null, null, null, null, null, null, "@dev"), By("@dev")));
        var entered = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        silos.BeforeCommit = () =>
        {
            entered.TrySetResult();
            return held.Task;
        };
        var turn = silos.Actors.Atp("AT-1").DoAsync(new SetAtp(null, "late", null, null, null, []), By("@dev"));
        await entered.Task;

        // Raised by another node of the same store, whose commits are not held.
        await using var elsewhere = new Engine.EmbeddedEngine(
            journal, new Engine.EngineOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await OkAsync(elsewhere.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill", null), By("@operator")));
        try
        {
            await EventuallyAsync(
                async () =>
                    (await silos.Actors.Halt("HLT-1").GetAsync())!.Nodes is { Length: 3 } nodes
                        && nodes.Count(node => node.Confirmed) == 2);
        }
        finally
        {
            held.SetResult();
        }

        await RefusedAsync(turn, Rules.Halted);
        await EventuallyAsync(async () => (await silos.Actors.Halt("HLT-1").GetAsync())!.Nodes.All(node => node.Confirmed));
    }

    private async Task RaiseAsync(string id) =>
        await OkAsync(silos.Actors.Halt(id).DoAsync(new RaiseHalt(HaltScope.All, "drill", null), By("@operator")));

    private static Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition()) await look.WaitForNextTickAsync(patience.Token);
    }
}
