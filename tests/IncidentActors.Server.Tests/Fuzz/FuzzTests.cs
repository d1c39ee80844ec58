using System.Collections.Concurrent;
using IncidentActors.Server.Tests.Chaos;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Fuzz;

/// <summary>
/// Hostile requests at everything that the server answers at: no failure, no change, no secret in an answer. <c>FUZZ_CASES</c> sets how
/// many each endpoint gets (1,000 before a release), and <c>FUZZ_SEED</c> (of the first endpoint; each has the next one) others.
/// </summary>
[Slow]
public sealed class FuzzTests
{
    private static readonly int PerEndpoint = Number.Of("FUZZ_CASES", 200);
    private static readonly int Seed = Number.Of("FUZZ_SEED", 1);
    private const int AtOnce = 4;

    [Fact]
    public async Task Hostile_requests_never_fail_the_server_change_nothing_and_learn_no_secret()
    {
        await using var target = await FuzzTarget.StartAsync();
        var endpoints = FuzzedEndpoint.All(target.Guarded.Server.Server).ToList();
        Assert.Contains(endpoints, endpoint => endpoint.Name == "POST /api/tools/handoff");
        Assert.Contains(endpoints, endpoint => endpoint.Name == "POST /mcp");
        var before = await target.StateAsync();
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(endpoints.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            var requests = new HostileRequests(Seed + one.Index, one.Item, target);
            for (var i = 0; i < PerEndpoint && wrong.IsEmpty; i++)
            {
                if (await target.WrongAsync(one.Item, requests) is { } found) wrong.Enqueue($"{one.Item.Name}, seed {Seed + one.Index}, request {i}: {found}");
            }
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        Assert.Equal(before, await target.StateAsync());
        await target.Guarded.Server.ReadyAsync();
    }
}
