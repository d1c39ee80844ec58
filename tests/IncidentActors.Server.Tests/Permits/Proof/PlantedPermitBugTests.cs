using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Tests.Permits.Proof.Checkers;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Server.Tests.Permits.Proof;

/// <summary>The checkers notice: a fence that is looked at before the commit, a bound that is too early, and a command that lives on.</summary>
public sealed class PlantedPermitBugTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_grant_that_slips_past_a_halt_is_caught(bool planted)
    {
        await using var store = new InMemoryStore();
        var slow = new SlowCommit(store, planted);
        await using var works = new TurnExecutor(slow, new EngineOptions { Node = "works" });
        await using var halts = new TurnExecutor(store, new EngineOptions { Node = "halts" });
        var request = new PermitBook(works).RequestAsync(new RequestPermit("restart", "s1"), By("@a"));
        await slow.Reached;
        Assert.IsType<Accepted>(await new HaltActor("HLT-1", halts, new NoNodes()).DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        slow.GoOn();
        var outcome = await request;
        Assert.Equal(planted, outcome is Accepted);
        var violations = NoneGrantedUnderAHalt.Violations(await PermitHistory.ReadAsync(store)).ToList();
        if (planted) Assert.Contains("under HLT-1", Assert.Single(violations), StringComparison.Ordinal);
        else Assert.Empty(violations);
    }

    /// <summary>The halt is over before the renewal is committed, so no fence is met.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renewal_that_slips_past_a_halt_that_is_lifted_at_once_is_caught(bool planted)
    {
        await using var store = new InMemoryStore();
        await using var halts = new TurnExecutor(store, new EngineOptions { Node = "halts" });
        Assert.IsType<Accepted>(await new PermitBook(halts).RequestAsync(new RequestPermit("restart", "s1"), By("@a"), "PRM-1"));
        var slow = new SlowCommit(store, planted);
        await using var works = new TurnExecutor(slow, new EngineOptions { Node = "works" });
        var renewal = new PermitBook(works).DoAsync("PRM-1", new RenewPermit(), By("@a"));
        await slow.Reached;
        var halt = new HaltActor("HLT-1", halts, new NoNodes());
        Assert.IsType<Accepted>(await halt.DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        Assert.IsType<Accepted>(await halt.DoAsync(new LiftHalt(), By("@operator")));
        slow.GoOn();
        var outcome = await renewal;
        var violations = NoneGrantedUnderAHalt.Violations(await PermitHistory.ReadAsync(store)).ToList();
        Assert.Equal(planted, outcome is Accepted);
        if (planted) Assert.Contains("after a halt had ended it", Assert.Single(violations), StringComparison.Ordinal);
        else Assert.Empty(violations);
    }

    [Fact]
    public void A_bound_that_is_too_early_and_a_command_that_lives_on_are_caught()
    {
        var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        var history = new PermitHistory { Stated = { ["HLT-1"] = at.AddSeconds(10) } };
        var granted = new PermitGranted("@a", "restart", "s1", null, null, null, null, null, 60, at.AddSeconds(60), null, false, null);
        history.Steps.Add(new(1, "PRM-1", granted, at));
        history.Steps.Add(new(2, "HLT-1", new HaltRaised(HaltScope.All, "drill", null, null, HaltMode.Enforce, false, null), at.AddSeconds(1)));
        history.Commands.Add(new("PRM-1", 42, at.AddMinutes(10)));
        Assert.Single(NoneValidAfterTheStatedTime.Violations(history));
        Assert.Single(NoGuardedCommandAfterTheStatedTime.Violations(history));
    }

    private static Call By(string handle) => new() { At = default, Seed = "", By = handle };

    private sealed class NoNodes : INodes
    {
        public ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId) => new([]);

        public ValueTask<(int Alive, int Silent)> CountAsync() => new((1, 0));
    }

    /// <summary>Holds a grant back until it is let go; planted, without what halts are compared with and counted by.</summary>
    private sealed class SlowCommit(IStore inner, bool planted) : DelegatingStore(inner)
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task;

        public void GoOn() => go.TrySetResult();

        public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
        {
            reached.TrySetResult();
            await go.Task;
            return await Inner.CommitAsync(planted ? [.. turns.Select(turn => turn with { Subject = null, HaltEpoch = null })] : turns, cancel);
        }
    }
}
