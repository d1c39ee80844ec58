using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>What everything in one simulation shares: its seed's randomness, its time, its store, who there is.</summary>
internal sealed class World
{
    private const string Base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public World(int seed)
    {
        Random = new Random(seed);
        Scheduler = new Scheduler(new Random(Random.Next()), new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
    }

    /// <summary>Listed agents, two teams, and handles that nobody has heard of.</summary>
    public static ImmutableArray<string> Agents { get; } =
        ["@pm", "@dev", "@sre", "@qa", "@owen", "@marcus", "@operator", "@jonny", "@ada", "@bob", "@cleo", "@red-1", "@red-2", "@blue-1"];

    public static Roster Roster { get; } = RosterYaml.Shipped() with
    {
        Members = [.. RosterYaml.Shipped().Members, Member("@red-1", "red"), Member("@red-2", "red"), Member("@blue-1", "blue")],
    };

    public Random Random { get; }
    public Scheduler Scheduler { get; }
    public Ledger Ledger { get; } = new();
    public List<Attempt> History { get; } = [];
    public ErrorLog Log { get; } = new();

    /// <summary>How far any node's clock has been off; zero: clocks never jumped.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Ids are drawn from few first characters, so that some are taken already.</summary>
    public EngineOptions Options(string node, NodeClock clock) => new()
    {
        Node = node,
        Time = clock,
        Roster = Roster,
        EffectLease = TimeSpan.FromSeconds(10),
        EffectsAtOnce = 4,
        MaxBatchSize = 8,
        Seeds = () => $"000{Draw(2)}{Draw(3)}",
    };

    public T Pick<T>(IReadOnlyList<T> of) => of[Random.Next(of.Count)];

    private string Draw(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Base32[Random.Next(Base32.Length)]));

    private static RosterMember Member(string handle, string team) => new(handle, null, ["dev"], team, null);
}

/// <summary>What the engine logs as an error is a bug; warnings are not.</summary>
internal sealed class ErrorLog : ILogger
{
    public List<string> Errors { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error) Errors.Add($"{formatter(state, exception)} {exception}");
    }
}
