using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Tests.Simulation.Checkers;
using IncidentActors.Testing;
using Xunit.Sdk;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>
/// The engine under faults, seed by seed. <c>SIMULATION_SEEDS=100-5000</c> runs
/// those; a failure prints its seed, which is then kept in <c>seeds.txt</c>.
/// </summary>
public class SimulationTests
{
    private static readonly (string Name, Func<World, IEnumerable<string>> Check)[] Checkers =
    [
        ("acknowledged", Acknowledged.Check), ("halt dominance", HaltDominance.Check), ("refusals", RefusalsAreTrue.Check),
        ("gap-free", GapFree.Check), ("views", ViewsAreFolds.Check),
        ("claims", ClaimsHold.Check), ("messages", MessagesAreFolds.Check), ("clocks", ClocksStoodStill.Check), ("set aside", SetAsideIsFound.Check),
        ("ends", EndsAreWhole.Check), ("liveness", Liveness.Check),
    ];

    [Slow]
    [Fact]
    public void Safety_under_faults_and_then_everything_finishes()
    {
        var (from, to) = Range();
        for (var seed = from; seed <= to; seed++) Passes(seed);
    }

    [Slow]
    [Fact]
    public void Seeds_that_failed_once_pass()
    {
        foreach (var line in Kept()) Passes(int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_seed_always_gives_the_same_history() => Assert.Equal(Digest(7), Digest(7));

    /// <summary>What <see cref="EndsAreWhole"/> looks at does happen: incidents whose halt stood end in every way.</summary>
    [Slow]
    [Fact]
    public void Incidents_that_halted_others_end_in_the_histories()
    {
        var states = Enumerable.Range(1, 30).SelectMany(seed => new Simulation(seed).Run().Ledger.States.Values).ToList();
        var halting = states.OfType<HaltState>().Select(halt => halt.IncidentId).ToHashSet();
        var ends = states.OfType<IncidentState>().Where(incident => halting.Contains(incident.Id)).Select(incident => incident.Status).ToHashSet();
        Assert.Superset(new HashSet<IncidentStatus> { IncidentStatus.Resolved, IncidentStatus.Canceled }, ends);
    }

    [Fact]
    public void A_fence_that_is_checked_before_the_commit_is_caught()
    {
        var caught = Enumerable.Range(1, 40).Any(seed => HaltDominance.Check(
            new Simulation(seed, (node, world, faults) => new FenceBeforeCommit(node, world, faults)).Run()).Any());
        Assert.True(caught, "the planted bug went unnoticed");
    }

    private static void Passes(int seed)
    {
        var simulation = new Simulation(seed);
        try
        {
            simulation.Run();
        }
        catch (Exception error)
        {
            throw new XunitException($"seed {seed}: {error}");
        }

        var found = Checkers.SelectMany(checker => checker.Check(simulation.World).Take(5).Select(violation => $"{checker.Name}: {violation}")).ToList();
        if (found.Count > 0) throw new XunitException($"seed {seed}:\n{string.Join('\n', found)}");
    }

    private static string Digest(int seed)
    {
        var world = new Simulation(seed).Run();
        var text = string.Join('\n', world.Ledger.Entries.SelectMany(entry => entry.Events.Select(one => $"{entry.Node} {entry.Turn.At:O} {one}")));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static (int From, int To) Range()
    {
        var wanted = Environment.GetEnvironmentVariable("SIMULATION_SEEDS")?.Split('-').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return wanted is { Length: > 0 } ? (wanted[0], wanted[^1]) : (1, 40);
    }

    private static IEnumerable<string> Kept()
    {
        using var stream = new StreamReader(typeof(SimulationTests).Assembly.GetManifestResourceStream("IncidentActors.Engine.Tests.Simulation.seeds.txt")!);
        return stream.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => char.IsDigit(line[0])).ToList();
    }
}

/// <summary>The planted bug: halts are compared before the commit, and the commit itself looks no more.</summary>
internal sealed class FenceBeforeCommit(string node, World world, Faults faults)
    : NodeJournal(node, world.Ledger, world.Scheduler, new Random(world.Random.Next()), faults)
{
    protected override async Task<IReadOnlyList<CommitResult>> ApplyAsync(IReadOnlyList<TurnRecord> turns)
    {
        var halts = await Ledger.Store.HaltsAsync(null, CancellationToken.None);
        await PassAsync();
        var results = Ledger.Commit([.. turns.Where(turn => !Covered(turn)).Select(turn => turn with { Subject = null })], Node).GetEnumerator();
        return [.. turns.Select(turn => Covered(turn) ? new Fenced(halts.First(halt => halt.Covers(turn.Subject!))) : Next(results))];

        bool Covered(TurnRecord turn) => turn.Subject is { } subject && halts.Any(halt => halt.Covers(subject));
    }

    private Task PassAsync() => world.Scheduler.PassAsync(TimeSpan.FromMilliseconds(world.Random.Next(3000)));

    private static CommitResult Next(IEnumerator<CommitResult> results) =>
        results.MoveNext() ? results.Current : throw new InvalidOperationException("a result is missing");
}
