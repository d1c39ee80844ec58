using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>A real Alertmanager posts to a real server process.</summary>
public sealed class RealAlertmanagerTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("incident-alerts-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [AlertmanagerFact]
    public async Task Firing_and_then_resolved_is_one_incident_with_one_timeline()
    {
        await using var server = new ServerProcess("--data", data, "--quiet");
        await server.StartAsync();
        await using var alertmanager = await AlertmanagerProcess.StartAsync(server.Client.BaseAddress!);
        var starts = DateTimeOffset.UtcNow.AddMinutes(-3);
        await alertmanager.PostAsync("Gateway", "critical", starts);
        await Eventually.TrueAsync(async () => (await IncidentsAsync(server)).Length == 1, "the incident");
        await alertmanager.PostAsync("Gateway", "critical", starts);
        await alertmanager.PostAsync("Gateway", "critical", starts, DateTimeOffset.UtcNow.AddSeconds(-1));
        await Eventually.TrueAsync(
            async () => (await IncidentsAsync(server)).Single().GetProperty("resolutionSuggested").GetBoolean(),
            "the suggestion to resolve");

        var incident = (await IncidentsAsync(server)).Single();
        Assert.Equal(("SEV-1", "Gateway is down", "declared"), (incident.Text("severity"), incident.Text("title"), incident.Text("status")));
        Assert.Equal("resolved", Assert.Single(incident.List("alerts")).Text("status"));
        Assert.Equal(starts, incident.GetProperty("startedAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        var timeline = JsonDocument.Parse(await server.GetStringAsync($"/api/incidents/{incident.Text("id")}/timeline")).RootElement.List("items");
        Assert.Single(timeline, one => one.Text("name") == "incident.declared.v1");
        Assert.Equal(2, timeline.Count(one => one.Text("name") == "incident.alerts-joined.v1"));
        Assert.Equal(0, await alertmanager.CountAsync("alertmanager_notification_requests_failed_total"));
    }

    [AlertmanagerFact]
    public async Task What_was_answered_503_arrives_by_Alertmanagers_own_retry()
    {
        await using var server = new ServerProcess("--data", data, "--quiet");
        await server.StartAsync();
        await using var alertmanager = await AlertmanagerProcess.StartAsync(server.Client.BaseAddress!);
        await using (var held = new SqliteConnection($"Data Source={Path.Combine(data, "journal.db")};Pooling=False"))
        {
            // Somebody else writes to the database for longer than the server waits for it.
            held.Open();
            await using var transaction = held.BeginTransaction(deferred: false);
            await alertmanager.PostAsync("Database", "high", DateTimeOffset.UtcNow);
            await Eventually.TrueAsync(async () => await alertmanager.CountAsync("alertmanager_notification_requests_failed_total") > 0, "the first refusal");
            Assert.Empty(await IncidentsAsync(server));
        }

        await Eventually.TrueAsync(async () => (await IncidentsAsync(server)).Length == 1, "the retry");
        Assert.Equal("SEV-2", (await IncidentsAsync(server)).Single().Text("severity"));
    }

    private static async Task<JsonElement[]> IncidentsAsync(ServerProcess server) =>
        JsonDocument.Parse(await server.GetStringAsync("/api/incidents")).RootElement.List("items");
}
