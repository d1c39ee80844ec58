using System.Net;
using System.Net.Http.Json;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>Agents at work: each writes notes on an ATP of its own, through any node, and sends a command of unknown outcome again with its key.</summary>
internal sealed class Load(IReadOnlyList<ServerProcess> nodes, History history, int agents, int seed)
{
    private const int MostTries = 3;
    private int last;

    public static string Agent(int number) => $"@load{number}";
    public static string Atp(int number) => $"AT-LOAD-{number}";

    /// <summary>Every agent creates its ATP; must be called while nothing is broken.</summary>
    public async Task BeginAsync()
    {
        for (var agent = 0; agent < agents; agent++)
        {
            using var answer = await SendAsync(nodes[0], agent, new { atpId = Atp(agent), owner = Agent(agent), notes = "routine" }, $"create-{agent}", CancellationToken.None);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>All agents work until <paramref name="stop"/>; returns when every command has its outcome.</summary>
    public Task WorkAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, agents).Select(agent => WorkAsync(agent, stop)));

    private async Task WorkAsync(int agent, CancellationToken stop)
    {
        var random = new Random(seed * 1000 + agent);
        while (!stop.IsCancellationRequested)
        {
            var note = $"note-{Interlocked.Increment(ref last)}";
            var answered = Answered.Unknown;
            for (var attempt = 0; attempt < MostTries && answered == Answered.Unknown; attempt++)
                answered = await TryAsync(nodes[random.Next(nodes.Count)], agent, note, afterUnknown: attempt > 0);
            history.Add(new Operation(Agent(agent), Atp(agent), note, answered));
        }
    }

    private static async Task<Answered> TryAsync(ServerProcess node, int agent, string note, bool afterUnknown)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var answer = await SendAsync(node, agent, new { atpId = Atp(agent), notes = note }, note, limit.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Created => Answered.Acknowledged,
                // A first try may still be on its way when a second one is refused.
                HttpStatusCode.Locked when !afterUnknown => Answered.Refused,
                _ => Answered.Unknown,
            };
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return Answered.Unknown;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(ServerProcess node, int agent, object arguments, string key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tools/atp_set") { Content = JsonContent.Create(arguments) };
        request.Headers.Add("X-Agent", Agent(agent));
        request.Headers.Add("Idempotency-Key", key);
        return await node.Client.SendAsync(request, cancel);
    }
}
