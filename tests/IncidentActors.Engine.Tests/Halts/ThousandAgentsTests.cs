using IncidentActors.Testing;
using System.Collections.Concurrent;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Halts;

/// <summary>A thousand agents at work on real threads and a real file; everything is halted at random moments, again and again.</summary>
[Slow]
public sealed class ThousandAgentsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Agents = 1000;
    private const int Halts = 30;

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"halts-{Guid.NewGuid():n}");
    private readonly FakeTimeProvider time = TestClock.Start();
    private readonly ConcurrentQueue<(string Agent, long Position)> committed = new();
    private readonly SemaphoreSlim turned = new(0);
    private readonly SemaphoreSlim refused = new(0);
    private SqliteStore journal = null!;
    private InProcessActors engine = null!;
    private volatile TaskCompletionSource lifted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool over;

    public async Task InitializeAsync()
    {
        journal = new SqliteStore(Path.Combine(folder, "journal.db"));
        await journal.OpenAsync(CancellationToken.None);
        engine = new InProcessActors(journal, new EngineOptions { Time = time }, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        await journal.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task No_covered_turn_is_committed_after_any_halt_and_all_work_goes_on_after_its_lift()
    {
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(number => CreateAsync($"@a{number}", $"AT-{number}")));
        foreach (var id in new[] { "AT-0-B", "AT-0-A", "AT-0-C" }) await CreateAsync("@a0", id);
        await OkAsync(engine.Atp("AT-0").DoAsync(new SendMessage("@a0", MessageType.Directive, Priority.P0, "look", "now", true), By("@operator")));
        var due = (await ClockAsync())!.Due;
        var work = Enumerable.Range(0, Agents).Select(number => Task.Run(() => WorkAsync($"@a{number}", $"AT-{number}"))).ToList();

        var halts = await HaltAgainAndAgainAsync();

        over = true;
        lifted.SetResult();
        await Task.WhenAll(work);
        Assert.DoesNotContain(committed, turn => halts.Any(halt => halt.Raised < turn.Position && turn.Position < halt.Lifted));
        Assert.Equal(Agents, committed.Select(turn => turn.Agent).Distinct().Count());
        output.WriteLine($"{halts.Count} halts, {committed.Count} turns");
        await RingsAsync(due + TimeSpan.FromMinutes(halts.Count));
    }

    /// <summary>Raises at a random moment, lets time pass under the halt and only then, and lifts it when some have been refused.</summary>
    private async Task<List<(long Raised, long Lifted)>> HaltAgainAndAgainAsync()
    {
        var halts = new List<(long, long)>();
        var random = new Random(1);
        while (halts.Count < Halts)
        {
            for (var turns = random.Next(1, 80); turns > 0; turns--) await turned.WaitAsync();
            var halt = engine.Halt($"HLT-{halts.Count}");
            var raised = await OkAsync(halt.DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
            for (var some = 0; some < 20; some++) await refused.WaitAsync();
            time.Advance(TimeSpan.FromMinutes(1));
            var aside = (await engine.Agent("@a0").FetchInboxAsync(By("@a0"), 5)).Inbox!.SetAside.Select(one => one.Id).ToList();
            Assert.Equal(["AT-0", "AT-0-B", "AT-0-A", "AT-0-C"], aside);
            var before = lifted;
            lifted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var end = await OkAsync(halt.DoAsync(new LiftHalt(), By("@operator")));
            before.SetResult();
            Assert.Equal(aside, (await engine.Agent("@a0").FetchInboxAsync(By("@a0"), 5)).Inbox!.Resumed.AsEnumerable());
            halts.Add((raised.Position, end.Position));
        }

        return halts;
    }

    /// <summary>
    /// One agent: note after note; a refused one is sent again with the same key when the halt is lifted. Its first one it brings to its end
    /// even when all is over: on a slow machine the last halt may have been lifted before its turn came.
    /// </summary>
    private async Task WorkAsync(string agent, string atp)
    {
        for (var number = 0; !over || number == 0; number++)
        {
            var outcome = await engine.Atp(atp).DoAsync(new SetAtp(Notes: $"note {number}"), By(agent, $"k{number}"));
            while (outcome is Rejected { Kind: RejectionKind.Halted } && (!over || number == 0))
            {
                var lift = lifted.Task;
                refused.Release();
                await lift;
                outcome = await engine.Atp(atp).DoAsync(new SetAtp(Notes: $"note {number}"), By(agent, $"k{number}"));
            }

            if (outcome is Accepted accepted) committed.Enqueue((agent, accepted.Position));
            turned.Release();
        }
    }

    private async Task CreateAsync(string agent, string atp)
    {
        await OkAsync(engine.Atp(atp).DoAsync(new CreateAtp("work", Flow: "standard", Owner: agent), By(agent)));
        if (agent == "@a0") time.Advance(TimeSpan.FromMilliseconds(1));
    }

    /// <summary>The clock that stood under every halt still runs, and rings when what was left has passed.</summary>
    private async Task RingsAsync(DateTimeOffset due)
    {
        Assert.NotNull(await ClockAsync());
        time.Advance(due - time.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await OpenAsync()).TimesOverdue);
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(async () => (await OpenAsync()).TimesOverdue == 1, "the ringing of the clock");
    }

    private Task<DueEffect?> ClockAsync() => journal.EffectAsync("atp/AT-0#ack:1", CancellationToken.None);

    private async Task<OpenMessage> OpenAsync() =>
        ((AtpState)Engine.Turns.States.Read(
            ActorKind.Atp, (await journal.LoadAsync(ActorId.Atp("AT-0"), CancellationToken.None))!.Document.Span)).OpenMessages[1];
}
