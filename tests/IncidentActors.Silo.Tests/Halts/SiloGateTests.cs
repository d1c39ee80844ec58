using IncidentActors.Testing;
using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;
using IncidentActors.Testing.Stores;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Silo.Tests.Halts;

/// <summary>What a halt does to the gates of silos.</summary>
public sealed class SiloGateTests : IAsyncLifetime
{
    private readonly InMemoryStore journal = new();
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync(journal);

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task Every_silo_is_told_of_a_halt_and_of_its_end()
    {
        await RaiseAsync("HLT-1");
        await Eventually.TrueAsync(() => silos.Cluster.Silos.All(silo => silos.Of<TurnExecutor>(silo).Gate.Active.Any(halt => halt.Id == "HLT-1")));

        await OkAsync(silos.Actors.Halt("HLT-1").DoAsync(new LiftHalt(null, null), By("@operator")));
        await Eventually.TrueAsync(() => silos.Cluster.Silos.All(silo => silos.Of<TurnExecutor>(silo).Gate.Active.Count == 0));
    }

    [BehaviourFact]
    public async Task A_silo_that_joins_during_a_halt_starts_with_its_gate_closed_and_is_counted()
    {
        await RaiseAsync("HLT-1");

        var late = await silos.Cluster.StartAdditionalSiloAsync();

        Assert.Equal("HLT-1", Assert.Single(silos.Of<TurnExecutor>(late).Gate.Active).Id);
        await Eventually.TrueAsync(async () => (await silos.Actors.Halt("HLT-1").GetAsync())!.Nodes.Count(node => node.Confirmed) == 4);
    }

    [BehaviourFact]
    public async Task A_silo_confirms_only_when_its_last_covered_turn_has_ended_and_that_turn_is_not_committed()
    {
        await OkAsync(silos.Actors.Atp("AT-1").DoAsync(new CreateAtp("work", null, null, null, null, null, null, "@dev"), By("@dev")));
        await silos.PassAsync(TimeSpan.Zero); // Its effects are applied: no other turn is in flight.
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
        await using var elsewhere = new InProcessActors(
            journal, new Engine.EngineOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await OkAsync(elsewhere.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill", null), By("@operator")));
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    silos.Tick(StoreWatch.Interval);
                    return (await silos.Actors.Halt("HLT-1").GetAsync())!.Nodes is { Length: 3 } nodes && nodes.Count(node => node.Confirmed) == 2;
                },
                "the confirmation of the two silos on which nothing is in flight");
        }
        finally
        {
            held.SetResult();
        }

        await RefusedAsync(turn, Rules.Halted);
        await Eventually.TrueAsync(async () => (await silos.Actors.Halt("HLT-1").GetAsync())!.Nodes.All(node => node.Confirmed));
    }

    private async Task RaiseAsync(string id) =>
        await OkAsync(silos.Actors.Halt(id).DoAsync(new RaiseHalt(HaltScope.All, "drill", null), By("@operator")));
}
