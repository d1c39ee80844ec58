using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>A real Alertmanager of Debian that posts to a server, with short waits.</summary>
internal sealed class AlertmanagerProcess : IAsyncDisposable
{
    public const string Program = "/usr/bin/prometheus-alertmanager";

    private readonly string folder = Directory.CreateTempSubdirectory("alertmanager-").FullName;
    private readonly HttpClient client;
    private readonly Process process;

    private AlertmanagerProcess(string webhook)
    {
        var port = Ports.Free();
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        File.WriteAllText(Path.Combine(folder, "alertmanager.yml"), $$"""
            route: { receiver: incidents, group_by: [alertname], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1h }
            receivers: [{ name: incidents, webhook_configs: [{ url: "{{webhook}}", send_resolved: true }] }]
            """);
        process = Process.Start(new ProcessStartInfo(Program, [
            $"--config.file={folder}/alertmanager.yml", $"--storage.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public static async Task<AlertmanagerProcess> StartAsync(Uri server)
    {
        var started = new AlertmanagerProcess(new Uri(server, "/webhooks/alertmanager").ToString());
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await started.client.GetAsync("/-/ready")).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "Alertmanager's start");
        return started;
    }

    /// <summary>As Prometheus does it; with <paramref name="ends"/> in the past the alert is resolved.</summary>
    public async Task PostAsync(string name, string severity, DateTimeOffset starts, DateTimeOffset? ends = null)
    {
        var alert = new Dictionary<string, object>
        {
            ["labels"] = new Dictionary<string, string> { ["alertname"] = name, ["severity"] = severity },
            ["annotations"] = new Dictionary<string, string> { ["summary"] = $"{name} is down" },
            ["startsAt"] = starts.ToString("O", CultureInfo.InvariantCulture),
        };
        if (ends is { } end) alert["endsAt"] = end.ToString("O", CultureInfo.InvariantCulture);
        using var content = new StringContent(JsonSerializer.Serialize(new[] { alert }), Encoding.UTF8, "application/json");
        (await client.PostAsync("/api/v2/alerts", content)).EnsureSuccessStatusCode();
    }

    /// <summary>A counter of Alertmanager's own metrics, for webhooks; summed over its other labels.</summary>
    public async Task<double> CountAsync(string metric) =>
        (await client.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) && line.Contains("integration=\"webhook\"", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
