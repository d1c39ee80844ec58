using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Engine.Tests.Journals;
using IncidentActors.Testing;
using IncidentActors.Journal.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Nodes;

/// <summary>Several nodes on one PostgreSQL: halts close every node's gate, and each node says so.</summary>
[NeedsPostgres]
public sealed class NodesOnPostgresTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [JournalFact]
    public async Task A_halt_raised_on_one_node_closes_the_gates_of_all_and_each_confirms()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = await Node.StartAsync(database, "one");
        await using var two = await Node.StartAsync(database, "two");
        await OkAsync(two.Engine.Atp("AT-1").DoAsync(new CreateAtp("work", Flow: "standard"), By("@worker")));
        await OkAsync(one.Engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));

        var refused = await RefusedAsync(two.Engine.Atp("AT-1").DoAsync(new ChangeStatus("InProgress"), By("@worker")), Rules.Halted);
        Assert.Equal("HLT-1", refused.Halt!.Id);
        var view = await UntilAsync(one.Engine, view => view.Nodes.Length == 2 && view.Nodes.All(node => node.Confirmed));
        Assert.Equal(["one", "two"], view.Nodes.Select(node => node.Node));

        await OkAsync(two.Engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        await WaitAsync(() => one.Engine.Turns.Gate.Active.Count == 0 && two.Engine.Turns.Gate.Active.Count == 0);
        await OkAsync(one.Engine.Atp("AT-1").DoAsync(new ChangeStatus("InProgress"), By("@worker")));
    }

    [JournalFact]
    public async Task A_silent_node_is_unconfirmed_since_it_was_last_heard_and_one_that_left_is_not_missed()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = await Node.StartAsync(database, "one");
        var two = await Node.StartAsync(database, "two");
        await one.Journal.BeatAsync("lost", System.Collections.Immutable.ImmutableSortedDictionary<string, DateTimeOffset>.Empty, CancellationToken.None);
        await OkAsync(one.Engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        var view = await UntilAsync(one.Engine, view => view.Nodes.Count(node => node.Confirmed) == 2);
        var lost = Assert.Single(view.Nodes, node => !node.Confirmed);
        Assert.Equal("lost", lost.Node);
        Assert.NotNull(lost.At);

        await two.DisposeAsync();
        Assert.Equal(["lost", "one"], (await one.Engine.Halt("HLT-1").GetAsync())!.Nodes.Select(node => node.Node));
    }

    [JournalFact]
    public async Task A_node_that_stands_still_in_the_middle_of_a_commit_does_not_keep_a_halt_from_being_raised()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var log = new Lines();
        await using var node = await Node.StartAsync(database, "one", log);
        long ended = 0;
        using var counter = new MeterListener();
        counter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == MetricCatalogue.SessionsEnded.Name && ReferenceEquals(instrument.Meter.Scope, node.Engine.Turns.Metrics))
                listener.EnableMeasurementEvents(instrument);
        };
        counter.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref ended, value));
        counter.Start();
        using var stalled = await HalfSentCommit.SendAsync(database, "select pg_advisory_xact_lock_shared(7310579618340464)");
        var raising = node.Engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator"));
        using var limit = new CancellationTokenSource(Patience);
        await stalled.UntilEndedAsync(limit.Token);
        await OkAsync(raising);
        await WaitAsync(() => Interlocked.Read(ref ended) > 0);

        // A session that takes more than a beat to end is ended, and told of, again: it is always the same one.
        var told = log.Told.Where(line => line.StartsWith("Ended the session", StringComparison.Ordinal)).ToList();
        Assert.Single(told.Select(line => line.Split(':')[0]).Distinct());
        Assert.Contains("from 127.0.0.1", told[0], StringComparison.Ordinal);
    }

    private static async Task<HaltView> UntilAsync(EmbeddedEngine engine, Func<HaltView, bool> wanted)
    {
        HaltView? view = null;
        await WaitAsync(() => wanted((view = engine.Halt("HLT-1").GetAsync().GetAwaiter().GetResult())!));
        return view!;
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition()) await look.WaitForNextTickAsync(limit.Token);
    }

    private sealed class Lines : ILogger
    {
        private readonly ConcurrentQueue<string> told = [];

        public IEnumerable<string> Told => told;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            told.Enqueue(formatter(state, exception));
    }

    private sealed class Node(PostgresJournal journal, EmbeddedEngine engine) : IAsyncDisposable
    {
        public EmbeddedEngine Engine => engine;
        public PostgresJournal Journal => journal;

        public static async Task<Node> StartAsync(string database, string name, ILogger? log = null)
        {
            var journal = new PostgresJournal(database);
            await journal.OpenAsync(CancellationToken.None);
            var engine = new EmbeddedEngine(journal, new EngineOptions { Node = name }, log ?? NullLogger.Instance);
            await engine.StartAsync(CancellationToken.None);
            return new Node(journal, engine);
        }

        public async ValueTask DisposeAsync()
        {
            await engine.DisposeAsync();
            await journal.DisposeAsync();
        }
    }
}
