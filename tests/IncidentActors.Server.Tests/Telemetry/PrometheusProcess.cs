using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>A real Prometheus of Debian that scrapes servers, with short intervals.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    public const string Program = "/usr/bin/prometheus";
    private const string Tool = "/usr/bin/promtool";

    private readonly HttpProgram program;

    private PrometheusProcess(HttpProgram program) => this.program = program;

    /// <param name="ports">Of the servers on loopback that it scrapes.</param>
    /// <param name="rules">Text of a file of rules, or null.</param>
    public static async Task<PrometheusProcess> StartAsync(IEnumerable<int> ports, string? rules = null)
    {
        var targets = string.Join(", ", ports.Select(target => $"'127.0.0.1:{target}'"));
        return new PrometheusProcess(await HttpProgram.StartAsync(
            Program,
            (folder, address) =>
            {
                if (rules is not null) File.WriteAllText(Path.Combine(folder, "rules.yml"), rules);
                File.WriteAllText(Path.Combine(folder, "prometheus.yml"), $$"""
                    global: { scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 250ms }
                    rule_files: [{{(rules is null ? "" : "rules.yml")}}]
                    scrape_configs:
                      - job_name: incidentactors
                        static_configs: [{ targets: [{{targets}}] }]
                    """);
                return [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address={address}"];
            },
            ready: "/-/ready"));
    }

    /// <summary>Values of an instant query, one for each series.</summary>
    public async Task<double[]> QueryAsync(string query)
    {
        using var answer = JsonDocument.Parse(await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}"));
        return [.. answer.RootElement.GetProperty("data").List("result").Select(series => Number(series.List("value")[1].GetString()!))];
    }

    /// <summary>Names of the alerts that are firing.</summary>
    public async Task<HashSet<string>> FiringAsync()
    {
        using var answer = JsonDocument.Parse(await GetAsync("/api/v1/alerts"));
        var alerts = answer.RootElement.GetProperty("data").List("alerts");
        return [.. alerts.Where(alert => alert.Text("state") == "firing").Select(alert => alert.GetProperty("labels").Text("alertname"))];
    }

    /// <summary>The alert fired at some time since then, however shortly.</summary>
    public async Task<bool> HasFiredAsync(string alert, DateTimeOffset since)
    {
        var window = (long)(DateTimeOffset.UtcNow - since).TotalMilliseconds + 1;
        return await QueryAsync($"max_over_time(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}}[{window}ms])") is not [];
    }

    /// <summary>Runs <c>promtool</c>: its exit code and all that it said.</summary>
    public static async Task<(int Code, string Said)> ToolAsync(string input, params string[] arguments)
    {
        using var tool = Process.Start(new ProcessStartInfo(Tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await tool.StandardInput.WriteAsync(input);
        tool.StandardInput.Close();
        var said = await tool.StandardOutput.ReadToEndAsync() + await tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        return (tool.ExitCode, said);
    }

    private static double Number(string text) => double.Parse(text.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private async Task<string> GetAsync(string path)
    {
        using var response = await program.Client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {body}");
        return body;
    }

    public ValueTask DisposeAsync() => program.DisposeAsync();
}
