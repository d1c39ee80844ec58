using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Testing;
using IncidentActors.Storage.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Nodes;

/// <summary>What a node does about another one that stands still, holding locks of the common store.</summary>
[NeedsPostgres]
public sealed class StalledSessionTests
{
    [SuiteFact]
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
        await stalled.UntilEndedAsync().EndsAsync("the end of the stalled session");
        await OkAsync(raising);
        await Eventually.TrueAsync(() => Interlocked.Read(ref ended) > 0);

        // A session that takes more than a beat to end is ended, and told of, again: it is always the same one.
        var told = log.Told.Where(line => line.StartsWith("Ended the session", StringComparison.Ordinal)).ToList();
        Assert.Single(told.Select(line => line.Split(':')[0]).Distinct());
        Assert.Contains("from 127.0.0.1", told[0], StringComparison.Ordinal);
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

    private sealed class Node(PostgresStore journal, InProcessActors engine, StoreWatch watch) : IAsyncDisposable
    {
        public InProcessActors Engine => engine;

        public static async Task<Node> StartAsync(string database, string name, ILogger log)
        {
            var journal = new PostgresStore(database);
            await journal.OpenAsync(CancellationToken.None);
            var engine = new InProcessActors(journal, new EngineOptions { Node = name }, NullLogger.Instance);
            await engine.StartAsync(CancellationToken.None);
            var watch = new StoreWatch(engine.Turns, log);
            await watch.StartAsync(CancellationToken.None);
            return new Node(journal, engine, watch);
        }

        public async ValueTask DisposeAsync()
        {
            await watch.DisposeAsync();
            await engine.DisposeAsync();
            await journal.DisposeAsync();
        }
    }
}
