using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// Agents at work, through any node: each writes notes on an ATP of its own, sends messages to the next agent, and now and then an alert
/// fires beside them and is over. What has an unknown outcome is sent again with its key.
/// </summary>
/// <param name="tries">How often a command is sent before its outcome stays unknown.</param>
internal sealed class Load(Fleet fleet, History history, int agents, int seed, int tries = 3)
{
    /// <summary>How long a client waits before it sends again.</summary>
    private static readonly TimeSpan BeforeAgain = TimeSpan.FromMilliseconds(50);

    private int last;

    public static string Agent(int number) => $"@load{number}";
    public static string Atp(int number) => $"AT-LOAD-{number}";

    /// <summary>Every agent creates its ATP; must be called while nothing is broken.</summary>
    public async Task BeginAsync()
    {
        for (var agent = 0; agent < agents; agent++)
        {
            var (creator, arguments) = (agent, new { atpId = Atp(agent), owner = Agent(agent), notes = "routine" });
            await Eventually.TrueAsync(
                async () => await TryAsync(
                    fleet.Running[0], [() => Request(creator, "atp_set", arguments, $"create-{creator}")], afterUnknown: true) == Answered.Acknowledged,
                $"the creation of {Atp(agent)}");
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
            var kind = random.Next(20);
            var answered = Answered.Unknown;
            var began = Stopwatch.GetTimestamp();
            var attempt = 0;
            for (; attempt < tries && answered == Answered.Unknown; attempt++)
            {
                if (attempt > 0) await Eventually.RealTimeAsync(BeforeAgain);
                var nodes = fleet.Running;
                answered = await TryAsync(nodes[random.Next(nodes.Count)], Step(agent, note, kind), afterUnknown: attempt > 0);
            }

            history.Add(new Operation(Agent(agent), Atp(agent), note, answered, attempt, Stopwatch.GetElapsedTime(began)));
        }
    }

    /// <summary>What the agent sends: requests that follow each other.</summary>
    private IReadOnlyList<Func<HttpRequestMessage>> Step(int agent, string note, int kind) => kind switch
    {
        0 => [() => Alert(note, "firing"), () => Alert(note, "resolved")],
        < 6 => [
            () => Request(
                agent,
                "message_send",
                new
                {
                    atpId = Atp(agent), toAgent = Agent((agent + 1) % agents), messageType = "Decision", subject = note, body = "routine",
                },
                note),
        ],
        _ => [() => Request(agent, "atp_set", new { atpId = Atp(agent), notes = note }, note)],
    };

    private static async Task<Answered> TryAsync(ServerProcess node, IReadOnlyList<Func<HttpRequestMessage>> step, bool afterUnknown)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            foreach (var one in step)
            {
                using var request = one();
                using var answer = await node.Client.SendAsync(request, limit.Token);
                // A first try may still be on its way when a second one is refused.
                if (answer.StatusCode == HttpStatusCode.Locked && !afterUnknown && step.Count == 1) return Answered.Refused;
                if (!answer.IsSuccessStatusCode) return Answered.Unknown;
            }

            return Answered.Acknowledged;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or OperationCanceledException)
        {
            return Answered.Unknown;
        }
    }

    private static HttpRequestMessage Request(int agent, string tool, object arguments, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/tools/{tool}") { Content = JsonContent.Create(arguments) };
        request.Headers.Add("X-Agent", Agent(agent));
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    /// <summary>As an Alertmanager posts it: repeated until it was taken, known by its fingerprint.</summary>
    private static HttpRequestMessage Alert(string note, string status) => new(HttpMethod.Post, "/webhooks/alertmanager")
    {
        Content = JsonContent.Create(new
        {
            version = "4",
            groupKey = note,
            status,
            receiver = "incidents",
            groupLabels = new { alertname = note },
            commonLabels = new { alertname = note, severity = "warning" },
            commonAnnotations = new { summary = note },
            alerts = new[]
            {
                new
                {
                    status,
                    labels = new { alertname = note, severity = "warning" },
                    annotations = new { summary = note },
                    startsAt = "2026-11-21T06:00:00Z",
                    endsAt = status == "resolved" ? "2026-11-21T06:05:00Z" : "0001-01-01T00:00:00Z",
                    fingerprint = note,
                },
            },
        }),
    };
}
