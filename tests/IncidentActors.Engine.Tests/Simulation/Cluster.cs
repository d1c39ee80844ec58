using IncidentActors.Testing;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>One engine with its own clock and its own way to the store.</summary>
internal sealed class Node(NodeJournal journal, NodeClock clock, EngineOptions options, ILogger log)
{
    /// <summary>Few, so that actors leave memory again and again.</summary>
    private const int MaxInMemory = 20;

    private readonly TaskCompletionSource died = new();

    public NodeJournal Journal => journal;
    public NodeClock Clock => clock;
    public InProcessActors Engine { get; } = new(journal, options, log, MaxInMemory);
    public Task Died => died.Task;

    /// <summary>Nothing that it was doing goes on.</summary>
    public void Die()
    {
        journal.Dead = true;
        died.TrySetResult();
    }
}

/// <summary>Several nodes on one store; a dead one is replaced by a new one after a while.</summary>
internal sealed class Cluster(World world, Func<string, NodeJournal> connect)
{
    private const int Nodes = 3;

    private readonly List<Node> nodes = [];
    private int born;

    public IReadOnlyList<Node> Alive => nodes;

    /// <summary>Set at the end, when faults have stopped.</summary>
    public bool Calm { get; private set; }

    public async Task StartAsync()
    {
        while (nodes.Count < Nodes) await BearAsync();
    }

    public Node Any() => nodes[world.Random.Next(nodes.Count)];

    public void Crash(Node node)
    {
        if (!nodes.Remove(node)) return;
        var last = nodes.Count == 0;

        // Whoever waits for the node goes on while it dies, and asks any other: there has to be one.
        if (last) _ = BearAsync();
        node.Die();
        var away = TimeSpan.FromMilliseconds(world.Random.Next(100, 20_000));
        if (!last) world.Scheduler.After(away, () => _ = StartAsync());
    }

    /// <summary>Faults stop: whoever lives is well, whoever died comes back.</summary>
    public async Task CalmAsync()
    {
        Calm = true;
        foreach (var node in nodes)
        {
            (node.Journal.Faults, node.Journal.Unreachable, node.Journal.StalledUntil) = (Faults.None, false, default);
            node.Clock.Offset = TimeSpan.Zero;
        }

        await StartAsync();
    }

    private async Task BearAsync()
    {
        var journal = connect($"n{++born}");
        var clock = new NodeClock(world.Scheduler);
        var node = new Node(journal, clock, world.Options(journal.Node, clock), world.Log);
        if (Calm) journal.Faults = Faults.None;
        journal.Crashing += () => Crash(node);
        nodes.Add(node);
        while (!journal.Dead)
        {
            try
            {
                await node.Engine.StartAsync(CancellationToken.None);
                return;
            }
            catch (JournalUnavailableException)
            {
                await world.Scheduler.PassAsync(TimeSpan.FromSeconds(1));
            }
        }
    }
}
