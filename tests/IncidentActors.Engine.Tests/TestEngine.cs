using IncidentActors.Behaviour;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Dispatch;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Engine.Tests;

/// <summary>An embedded engine on a clock that the test moves; effects run when the test says so.</summary>
internal sealed class TestEngine : IBench, IActorDirectory
{
    private readonly Dispatcher dispatcher;
    private int seeds;

    public TestEngine(IJournal? journal = null, ManualTime? time = null, Func<EngineOptions, EngineOptions>? configure = null)
    {
        Time = time ?? new ManualTime();
        Journal = journal ?? new InMemoryJournal();
        Options = new EngineOptions { Node = "test", Time = Time, Seeds = () => $"{Interlocked.Increment(ref seeds):D5}AAA" };
        if (configure is not null) Options = configure(Options);
        Turns = new Engine.Turns.Turns(Journal, Options);
        dispatcher = new Dispatcher(Turns, NullLogger.Instance);
        Declarations = new Declarations(Turns);
    }

    public ManualTime Time { get; }
    public IJournal Journal { get; }
    public EngineOptions Options { get; }
    public Engine.Turns.Turns Turns { get; }
    public Declarations Declarations { get; }

    public static Call By(string handle, string? key = null) => Expect.By(handle, key);

    public IActorDirectory Actors => this;
    public int Nodes => 1;

    public Core.Atps.IAtp Atp(string id) => new Engine.Atps.AtpActor(id, Turns);
    public Core.Incidents.IIncident Incident(string id) => new Engine.Incidents.IncidentActor(id, Turns);
    public Core.Agents.IAgent Agent(string handle) => new Engine.Agents.AgentActor(handle, Turns);
    public Core.Halts.IHalt Halt(string id) => new Engine.Halts.HaltActor(id, Turns);

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => Declarations.DeclareAsync(declare, call);

    /// <summary>Moves the clock in steps to every due effect until <paramref name="time"/> has passed.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        while (true)
        {
            do await dispatcher.SettledAsync();
            while (await dispatcher.DispatchDueAsync(CancellationToken.None) > 0);

            var next = await Journal.NextDueAsync(CancellationToken.None);
            if (next is null || next > until) break;
            if (next > Time.GetUtcNow()) Time.Now = next.Value;
        }

        Time.Now = until;
    }

    public static Task<Accepted> OkAsync(Task<Outcome> command) => Expect.OkAsync(command);

    public static Task<Rejected> RefusedAsync(Task<Outcome> command, string rule) => Expect.RefusedAsync(command, rule);

    public async ValueTask DisposeAsync()
    {
        await dispatcher.DisposeAsync();
        await Turns.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
