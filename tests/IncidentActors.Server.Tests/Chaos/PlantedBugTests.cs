using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Storage.Postgres;
using IncidentActors.Server.Tests.Chaos.Checkers;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// The checker of halt dominance would notice: with the fence checked before
/// the transaction instead of inside it, it fails; as it is, it does not.
/// </summary>
[Collection("one PostgreSQL that is restarted")]
public sealed class PlantedBugTests
{
    private const int Agents = 32;
    private const int Halts = 40;

    [PostgresFact]
    public async Task A_fence_checked_before_the_transaction_is_caught()
    {
        var caught = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => RunAsync(journal => new FenceBeforeTransaction(journal)));
        Assert.Contains("under HLT-", caught.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public Task The_same_load_with_the_fence_inside_the_transaction_is_clean() => RunAsync(journal => journal);

    private static async Task RunAsync(Func<PostgresStore, IStore> plant)
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = new PostgresStore(database);
        await using var two = new PostgresStore(database);
        await one.OpenAsync(CancellationToken.None);
        await two.OpenAsync(CancellationToken.None);
        await using var works = new InProcessActors(plant(one), new EngineOptions { Node = "works" }, NullLogger.Instance);
        await using var halts = new InProcessActors(two, new EngineOptions { Node = "halts" }, NullLogger.Instance);
        await halts.StartAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        using var working = new CountdownEvent(Agents);
        var work = Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Task.Run(() => WorkAsync(works, agent, working, stop.Token))));
        await Eventually.TrueAsync(() => working.IsSet, "the first note of every agent");
        for (var i = 0; i < Halts; i++)
        {
            await halts.Halt($"HLT-{i}").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator"));
            await halts.Halt($"HLT-{i}").DoAsync(new LiftHalt(), By("@operator"));
        }

        await stop.CancelAsync();
        await work;
        await CheckAsync(two, database);
    }

    /// <summary>The node's own gate learns nothing (it was not started): only the fence stands between a halt and a covered turn.</summary>
    private static async Task WorkAsync(InProcessActors engine, int agent, CountdownEvent working, CancellationToken stop)
    {
        var atp = engine.Atp($"AT-LOAD-{agent}");
        await atp.DoAsync(new CreateAtp("routine", Flow: "standard"), By("@operator"));
        for (var note = 0; !stop.IsCancellationRequested; note++)
        {
            await atp.DoAsync(new SetAtp(Notes: $"note {note}"), By($"@load{agent}"));
            if (note == 0) working.Signal();
        }
    }

    private static async Task CheckAsync(PostgresStore journal, string database)
    {
        var events = await new WholeFeed(database).ReadAsync(journal);
        var dominance = new HaltDominance();
        foreach (var one in events.OrderBy(one => one.Position)) dominance.See(one);
        Assert.Equal(Halts, dominance.Halts);
    }

    private static Call By(string handle) => new() { At = default, Seed = "", By = handle };
}
