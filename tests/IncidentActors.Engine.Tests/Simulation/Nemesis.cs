namespace IncidentActors.Engine.Tests.Simulation;

internal enum Blow
{
    Crash,
    Stall,
    ClockJump,
    Unreachable,
}

/// <param name="After">Since the blow before.</param>
/// <param name="Node">Index into the nodes that are alive then, modulo their number.</param>
internal sealed record Planned(TimeSpan After, Blow Blow, int Node, TimeSpan For, TimeSpan Jump);

/// <summary>Strikes by a plan that was drawn before anything ran.</summary>
internal sealed class Nemesis(World world, Cluster cluster)
{
    private const int MaxOffsetMilliseconds = 10_000;

    public static IReadOnlyList<Planned> Plan(Random random, TimeSpan length)
    {
        var plan = new List<Planned>();
        var calm = random.Next(4) == 0;
        for (var at = TimeSpan.Zero; !calm;)
        {
            var after = TimeSpan.FromSeconds(random.Next(1, 60));
            if ((at += after) > length) break;
            var offset = TimeSpan.FromMilliseconds(random.Next(-MaxOffsetMilliseconds, MaxOffsetMilliseconds));
            plan.Add(new Planned(after, (Blow)random.Next(4), random.Next(100), TimeSpan.FromMilliseconds(random.Next(200, 40_000)), offset));
        }

        return plan;
    }

    public async Task StrikeAsync(IReadOnlyList<Planned> plan)
    {
        foreach (var planned in plan)
        {
            await world.Scheduler.PassAsync(planned.After);
            if (cluster.Calm) return;
            Strike(planned, cluster.Alive[planned.Node % cluster.Alive.Count]);
        }
    }

    private void Strike(Planned planned, Node node)
    {
        switch (planned.Blow)
        {
            case Blow.Crash:
                cluster.Crash(node);
                break;
            case Blow.Stall:
                node.Journal.StalledUntil = world.Scheduler.Now + planned.For;
                break;
            case Blow.ClockJump:
                node.Clock.Offset = planned.Jump;
                if (planned.Jump.Duration() > world.Skew) world.Skew = planned.Jump.Duration();
                break;
            case Blow.Unreachable:
                node.Journal.Unreachable = true;
                world.Scheduler.After(planned.For / 4, () => node.Journal.Unreachable = false);
                break;
        }
    }
}
