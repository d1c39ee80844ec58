using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Testing;
using IncidentActors.Testing.Stores;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Silo.Tests.Silos;

/// <summary>What a grain promises: one command after the other, views beside them, and its state in memory while it is active.</summary>
public sealed class OneAtATimeTests : IAsyncLifetime
{
    private readonly InMemoryStore journal = new();
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync(journal);

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task A_view_does_not_wait_for_a_commit_and_the_next_command_does()
    {
        var atp = silos.Actors.Atp("AT-1");
        await OkAsync(atp.DoAsync(Create, By("@dev")));
        await silos.PassAsync(TimeSpan.Zero); // Its effects are applied: no other turn is in flight.
        var entered = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        var commits = 0;
        silos.BeforeCommit = () =>
        {
            Interlocked.Increment(ref commits);
            entered.TrySetResult();
            return held.Task;
        };

        var first = atp.DoAsync(Note("first"), By("@dev"));
        await entered.Task.EndsAsync("the first commit");
        var second = atp.DoAsync(Note("second"), By("@dev"));
        for (var look = 0; look < 20; look++) Assert.Equal("AT-1", (await atp.GetAsync().EndsAsync("a view"))!.Id);
        Assert.Equal(1, Volatile.Read(ref commits));
        Assert.False(second.IsCompleted);

        held.SetResult();
        await OkAsync(first);
        await OkAsync(second);
        var history = await journal.HistoryAsync(ActorId.Atp("AT-1"), 0, 100, CancellationToken.None);
        Assert.Equal(2, history.Count(one => one.Name == "atp.noted.v1"));
    }

    [BehaviourFact]
    public async Task Its_turns_read_nothing_that_an_earlier_one_has_read()
    {
        var atp = silos.Actors.Atp("AT-1");
        await OkAsync(atp.DoAsync(Create, By("@dev")));
        await OkAsync(atp.DoAsync(Note("reads the agent"), By("@dev")));
        await silos.PassAsync(TimeSpan.Zero);
        var loads = 0;
        silos.BeforeLoad = () =>
        {
            Interlocked.Increment(ref loads);
            return Task.CompletedTask;
        };

        for (var note = 0; note < 10; note++) await OkAsync(atp.DoAsync(Note($"note {note}"), By("@dev")));

        Assert.Equal(0, loads);
    }

    private static CreateAtp Create => new("work", Flow: "standard", Owner: "@dev");

    private static SetAtp Note(string text) => new(Notes: text);
}
