using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using IncidentActors.Server.Tests.Chaos;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits.Proof;

/// <summary>Agents of which each holds a permit: renewed, reported and asked for again through any silo, whatever the answers are.</summary>
internal sealed class PermitLoad(Fleet fleet, int agents, int seed)
{
    private const int Callers = 16;
    private const int Services = 4;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly string?[] held = new string?[agents];

    /// <summary>Returns when every agent holds a permit; nothing is halted meanwhile.</summary>
    public Task BeginAsync() => Parallel.ForEachAsync(
        Enumerable.Range(0, agents), new ParallelOptions { MaxDegreeOfParallelism = Callers },
        async (agent, _) => await Eventually.TrueAsync(
            async () =>
            {
                await RequestAsync(fleet.Running[agent % fleet.Running.Count], agent);
                return held[agent] is not null;
            },
            $"the first permit of {Agent(agent)}"));

    public Task WorkAsync(CancellationToken over) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => WorkAsync(caller, over))));

    public static string Agent(int number) => $"@a{number}";

    public static string Service(int number) => $"s{number % Services}";

    private async Task WorkAsync(int caller, CancellationToken over)
    {
        var random = new Random(seed * 1000 + caller);
        while (!over.IsCancellationRequested)
        {
            for (var agent = caller; agent < agents && !over.IsCancellationRequested; agent += Callers)
                await TurnAsync(fleet.Running[random.Next(fleet.Running.Count)], agent, ends: random.Next(4) == 0);
        }
    }

    private async Task TurnAsync(ServerProcess silo, int agent, bool ends)
    {
        if (held[agent] is not { } permit)
        {
            await RequestAsync(silo, agent);
        }
        else if (ends || await IsRefusedAsync(silo, agent, permit))
        {
            // A refused renewal stops the action, and that is reported too.
            if (await PostAsync(silo, agent, $"/api/permits/{permit}/end", new { outcome = "done" }) is (HttpStatusCode.OK, _)) held[agent] = null;
        }
    }

    private static async Task<bool> IsRefusedAsync(ServerProcess silo, int agent, string permit) =>
        await PostAsync(silo, agent, $"/api/permits/{permit}/renew", new { }) is (>= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, _);

    private async Task RequestAsync(ServerProcess silo, int agent)
    {
        var wanted = new { action = "restart", target = Service(agent), environment = agent % 2 == 0 ? "production" : "staging", seconds = 20 };
        if (await PostAsync(silo, agent, "/api/permits", wanted) is (HttpStatusCode.Created, { } answer)) held[agent] = answer.GetProperty("id").GetString();
    }

    /// <summary>The status and the answer; null: the silo has not answered.</summary>
    private static async Task<(HttpStatusCode? Status, JsonElement? Answer)> PostAsync(ServerProcess silo, int agent, string path, object body)
    {
        using var limit = new CancellationTokenSource(AnswerTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "X-Agent", Agent(agent) } } };
            using var answer = await silo.Client.SendAsync(request, limit.Token);
            return (answer.StatusCode, answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(limit.Token) : null);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or OperationCanceledException)
        {
            return (null, null);
        }
    }
}
