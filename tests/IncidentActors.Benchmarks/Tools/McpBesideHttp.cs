using System.Diagnostics;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Hosting;
using ModelContextProtocol.Client;

namespace IncidentActors.Benchmarks.Tools;

/// <summary>One tool call over MCP (the official client) beside the same over HTTP, in turns, durable, one caller at a time.</summary>
internal static class McpBesideHttp
{
    private const int WarmUp = 200;
    private const int Calls = 2000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RunningServer.StartAsync(new ServerOptions { Port = 0, Data = folder.Path, Quiet = true });
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        http.DefaultRequestHeaders.Add("X-Agent", "@pm");
        await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(http.BaseAddress, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["X-Agent"] = "@pm" },
        }));

        foreach (var (tool, arguments) in new (string, Dictionary<string, object?>)[]
        {
            ("atp_create", new() { ["title"] = "Measure", ["owner"] = "@pm" }),
            ("atp_list", new() { ["limit"] = 1 }),
        })
        {
            var body = JsonSerializer.Serialize(arguments);
            List<double> overHttp = [], overMcp = [];
            for (var i = 0; i < WarmUp + Calls; i++)
            {
                var began = Stopwatch.GetTimestamp();
                using (var answer = await http.PostAsync($"/api/tools/{tool}", new StringContent(body, Encoding.UTF8, "application/json")))
                    answer.EnsureSuccessStatusCode();
                var first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                began = Stopwatch.GetTimestamp();
                var result = await mcp.CallToolAsync(tool, arguments);
                if (result.IsError == true) throw new InvalidOperationException($"{tool} was refused");
                if (i < WarmUp) continue;
                overHttp.Add(first);
                overMcp.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            Report($"{tool} over HTTP", overHttp);
            Report($"{tool} over MCP", overMcp);
        }
    }

    private static void Report(string what, List<double> samples)
    {
        samples.Sort();
        Table.Row($"{what}, p50", Table.Percentile(samples, 0.50), "ms");
        Table.Row($"{what}, p99", Table.Percentile(samples, 0.99), "ms");
    }
}
