using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Dispatch;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Engine.Tests;

/// <summary>An embedded engine on a clock that the test moves; effects run when the test says so.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly Dispatcher dispatcher;
    private int seeds;

    public TestEngine(IJournal? journal = null, ManualTime? time = null)
    {
        Time = time ?? new ManualTime();
        Journal = journal ?? new InMemoryJournal();
        Options = new EngineOptions { Node = "test", Time = Time, Seeds = () => $"{++seeds:D5}AAA" };
        Turns = new Engine.Turns.Turns(Journal, Options);
        dispatcher = new Dispatcher(Turns, NullLogger.Instance);
        Declarations = new Declarations(Turns);
    }

    public ManualTime Time { get; }
    public IJournal Journal { get; }
    public EngineOptions Options { get; }
    public Engine.Turns.Turns Turns { get; }
    public Declarations Declarations { get; }

    public static Call By(string handle, string? key = null) => new() { At = default, Seed = "", By = handle, Key = key };

    public Core.Atps.IAtp Atp(string id) => new Engine.Atps.AtpActor(id, Turns);
    public Core.Incidents.IIncident Incident(string id) => new IncidentActor(id, Turns);
    public Core.Agents.IAgent Agent(string handle) => new Engine.Agents.AgentActor(handle, Turns);
    public Core.Halts.IHalt Halt(string id) => new Engine.Halts.HaltActor(id, Turns);

    /// <summary>Moves the clock in steps to every due effect until <paramref name="time"/> has passed.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        while (true)
        {
            while (await dispatcher.DispatchDueAsync(CancellationToken.None) > 0)
            {
            }

            var next = await Journal.NextDueAsync(CancellationToken.None);
            if (next is null || next > until) break;
            if (next > Time.GetUtcNow()) Time.Now = next.Value;
        }

        Time.Now = until;
    }

    public static async Task<Accepted> OkAsync(Task<Outcome> command) =>
        await command switch
        {
            Accepted accepted => accepted,
            Rejected rejected => throw new Xunit.Sdk.XunitException($"refused by {rejected.Rule}: {rejected.Sentence}"),
            var other => throw new Xunit.Sdk.XunitException(other.ToString()),
        };

    public static async Task<Rejected> RefusedAsync(Task<Outcome> command, string rule)
    {
        var rejected = Assert.IsType<Rejected>(await command);
        Assert.Equal(rule, rejected.Rule);
        return rejected;
    }

    public async ValueTask DisposeAsync()
    {
        await dispatcher.DisposeAsync();
        await Turns.DisposeAsync();
        await Journal.DisposeAsync();
    }
}

/// <summary>A clock that stands until the test moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
