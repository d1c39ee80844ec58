using System.Globalization;
using System.Text;
using System.Text.Json;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>A real Alertmanager of Debian that posts to a server, with short waits.</summary>
internal sealed class AlertmanagerProcess : IAsyncDisposable
{
    public const string Program = "/usr/bin/prometheus-alertmanager";

    private readonly HttpProgram program;

    private AlertmanagerProcess(HttpProgram program) => this.program = program;

    public static async Task<AlertmanagerProcess> StartAsync(Uri server)
    {
        var webhook = new Uri(server, "/webhooks/alertmanager");
        return new AlertmanagerProcess(await HttpProgram.StartAsync(
            Program,
            (folder, address) =>
            {
                File.WriteAllText(Path.Combine(folder, "alertmanager.yml"), $$"""
                    route: { receiver: incidents, group_by: [alertname], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1h }
                    receivers: [{ name: incidents, webhook_configs: [{ url: "{{webhook}}", send_resolved: true }] }]
                    """);
                return
                [
                    $"--config.file={folder}/alertmanager.yml",
                    $"--storage.path={folder}/data",
                    $"--web.listen-address={address}",
                    "--cluster.listen-address=",
                ];
            },
            ready: "/-/ready"));
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
        (await program.Client.PostAsync("/api/v2/alerts", content)).EnsureSuccessStatusCode();
    }

    /// <summary>A counter of Alertmanager's own metrics, for webhooks; summed over its other labels.</summary>
    public async Task<double> CountAsync(string metric) =>
        (await program.Client.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) && line.Contains("integration=\"webhook\"", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    public ValueTask DisposeAsync() => program.DisposeAsync();
}
