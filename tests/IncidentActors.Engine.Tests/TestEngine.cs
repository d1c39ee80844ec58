using IncidentActors.Behaviour;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Engine.Tests;

/// <summary>Actors without a silo, on a clock that the test moves; effects run when the test says so.</summary>
internal sealed class TestEngine : IBench
{
    private readonly InProcessActors actors;
    private int seeds;

    public TestEngine(IStore? journal = null, FakeTimeProvider? time = null, Func<EngineOptions, EngineOptions>? configure = null)
    {
        Time = time ?? TestClock.Start();
        Journal = journal ?? new InMemoryStore();
        Options = new EngineOptions { Node = "test", Time = Time, Seeds = () => $"{Interlocked.Increment(ref seeds):D5}AAA" };
        if (configure is not null) Options = configure(Options);
        actors = new InProcessActors(Journal, Options, NullLogger.Instance);
    }

    public FakeTimeProvider Time { get; }
    public IStore Journal { get; }
    public EngineOptions Options { get; }
    public Engine.Turns.TurnExecutor Turns => actors.Turns;
    public Declarations Declarations => actors.Declarations;
    public Engine.Atps.Creations Creations => actors.Creations;

    public static Call By(string handle, string? key = null) => Expect.By(handle, key);

    public IActorDirectory Actors => actors;
    public int Nodes => 1;

    public Core.Atps.IAtp Atp(string id) => actors.Atp(id);
    public IIncident Incident(string id) => actors.Incident(id);
    public Core.Agents.IAgent Agent(string handle) => actors.Agent(handle);
    public Core.Halts.IHalt Halt(string id) => actors.Halt(id);

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => Declarations.DeclareAsync(declare, call);

    /// <summary>Moves the clock in steps to every due effect until <paramref name="time"/> has passed.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        while (true)
        {
            do await actors.Dispatcher.SettledAsync();
            while (await actors.Dispatcher.DispatchDueAsync(CancellationToken.None) > 0);

            var next = await Journal.NextDueAsync(CancellationToken.None);
            if (next is null || next > until) break;
            if (next > Time.GetUtcNow()) Time.SetUtcNow(next.Value);
        }

        Time.SetUtcNow(until);
    }

    public static Task<Accepted> OkAsync(Task<Outcome> command) => Expect.OkAsync(command);

    public static Task<Rejected> RefusedAsync(Task<Outcome> command, string rule) => Expect.RefusedAsync(command, rule);

    public async ValueTask DisposeAsync()
    {
        await actors.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
