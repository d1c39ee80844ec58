using System.Text;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Benchmarks.Telemetry;

/// <summary>Agents that use a tool over HTTP, each with a trace of its own: a whole server, its clients beside it.</summary>
internal static class HttpWork
{
    private const int Agents = 64;
    private const int CallsEach = 60;

    public static async Task<Figure> RoundAsync(string way, DrainingCollector collector)
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(new ServerOptions
        {
            Port = 0,
            Data = folder.Path,
            Quiet = true,
            Otlp = way == "exported" ? new Uri(collector.Url) : null,
        });
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(server.Address) };
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => CallAsync(http, agent)));
        return await Figure.OfAsync(Agents * CallsEach, () => Task.WhenAll(Enumerable.Range(0, Agents).Select(async agent =>
        {
            for (var call = 0; call < CallsEach; call++) await CallAsync(http, agent);
        })));
    }

    private static async Task CallAsync(HttpClient http, int agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tools/atp_create");
        request.Content = new StringContent("""{"title":"Measure"}""", Encoding.UTF8, "application/json");
        request.Headers.Add("X-Agent", $"@a{agent}");
        request.Headers.Add("traceparent", $"00-0af7651916cd43dd8448eb211c80{agent:x4}-b7ad6b7169203331-01");
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
