using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>One seed: first safety under faults, then faults stop, every halt is lifted, and everything must finish.</summary>
internal sealed class Simulation
{
    private static readonly TimeSpan Storm = TimeSpan.FromMinutes(12);

    private readonly World world;
    private readonly Cluster cluster;
    private readonly Client[] clients;

    public Simulation(int seed, Func<string, World, Faults, NodeJournal>? connect = null)
    {
        world = new World(seed);
        var faults = Faults.Drawn(world.Random);
        cluster = new Cluster(world, node => connect?.Invoke(node, world, faults)
            ?? new NodeJournal(node, world.Ledger, world.Scheduler, new Random(world.Random.Next()), faults));
        clients = [.. Enumerable.Range(0, world.Random.Next(1, 7)).Select(_ => new Client(world, cluster))];
    }

    public World World => world;

    public World Run()
    {
        world.Scheduler.Run(RunAsync);
        return world;
    }

    private async Task RunAsync()
    {
        var generator = new Generator(world);
        var plan = Nemesis.Plan(world.Random, Storm);
        await cluster.StartAsync();
        var end = world.Scheduler.Now + Storm;
        var nemesis = new Nemesis(world, cluster).StrikeAsync(plan);
        await Task.WhenAll(clients.Select(client => client.WorkAsync(generator.Next, () => world.Scheduler.Now < end)));
        await cluster.CalmAsync();
        await nemesis;
        await SettleAsync();
        await world.Scheduler.PassAsync(TimeSpan.FromMinutes(16));
        await InboxesAsync();
    }

    /// <summary>What nobody knows the outcome of is asked once more, and every halt is lifted.</summary>
    private async Task SettleAsync()
    {
        var known = world.History.Where(attempt => attempt.Outcome is not Unavailable).Select(attempt => attempt.Operation).ToHashSet();
        foreach (var open in world.History.Select(attempt => attempt.Operation).Where(operation => !known.Contains(operation)).Distinct().ToList())
            await clients[0].SendAsync(open, 5);
        foreach (var halt in world.Ledger.States.Values.OfType<HaltState>().Where(halt => halt.LiftedAt is null).ToList())
            await clients[0].SendAsync(new Operation($"lift-{halt.Id}", "@operator", ActorId.Halt(halt.Id), new LiftHalt(Notes: "calm")), 5);
    }

    /// <summary>Every agent looks at last; whoever had set work aside finds it.</summary>
    private async Task InboxesAsync()
    {
        foreach (var agent in World.Agents)
            await clients[0].SendAsync(new Operation($"last-{agent}", agent, ActorId.Agent(""), new Core.Agents.FetchInbox()), 5);
    }
}
