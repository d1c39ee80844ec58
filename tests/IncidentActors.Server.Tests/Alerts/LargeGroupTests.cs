using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>Groups that are regrouped, large or named at length, on a store that answers over a network and indexes names.</summary>
public sealed class LargeGroupTests
{
    private const int Alerts = 1000;

    [PostgresFact]
    public async Task A_thousand_alerts_are_one_incident_and_regrouped_they_are_told_to_it()
    {
        var journal = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Journal = journal });
        var id = Assert.Single(await SendAsync("one", 0, "firing")).Text("id");
        Assert.Equal(id, Assert.Single(await SendAsync("one", 0, "firing")).Text("id"));

        // Half of them with as many others in another group: the known ones are told to their own incident.
        var other = Assert.Single(await SendAsync("another", Alerts, "firing")).Text("id");
        Assert.NotEqual(id, other);
        Assert.Equal(other, Assert.Single(await SendAsync("another", Alerts / 2, "resolved")).Text("id"));
        Assert.Equal((Alerts / 2, Alerts / 2), (await ResolvedAsync(id), await ResolvedAsync(other)));

        async Task<System.Text.Json.JsonElement[]> SendAsync(string group, int first, string status) =>
            (await server.PostAsync("/webhooks/alertmanager", null, Webhook(group, first, status))).IsOk().Json.List("incidents");

        async Task<int> ResolvedAsync(string incident)
        {
            var alerts = (await server.GetAsync($"/api/incidents/{incident}")).IsOk().Json.List("alerts");
            Assert.Equal(Alerts, alerts.Length);
            return alerts.Count(alert => alert.Text("status") == "resolved");
        }
    }

    [PostgresFact]
    public async Task Names_longer_than_an_index_takes_are_found_again()
    {
        var journal = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Journal = journal });
        var group = Convert.ToHexString(RandomNumberGenerator.GetBytes(4000));
        for (var i = 0; i < 2; i++)
        {
            var webhook = JsonNode.Parse(Webhook(group, 0, "firing"))!;
            webhook["alerts"]![0]!["fingerprint"] = group + "1";
            var incident = Assert.Single((await server.PostAsync("/webhooks/alertmanager", null, webhook.ToJsonString())).IsOk().Json.List("incidents"));
            Assert.Equal(i == 0, incident.GetProperty("created").GetBoolean());
        }
    }

    private static string Webhook(string group, int first, string status) => new JsonObject
    {
        ["version"] = "4",
        ["groupKey"] = group,
        ["alerts"] = new JsonArray([.. Enumerable.Range(first, Alerts).Select(number => new JsonObject
        {
            ["status"] = status,
            ["labels"] = new JsonObject { ["alertname"] = "DiskFull", ["severity"] = "high", ["instance"] = $"db-{number}" },
            ["startsAt"] = "2026-01-26T14:23:00Z",
            ["endsAt"] = status == "firing" ? "0001-01-01T00:00:00Z" : "2026-01-26T14:45:00Z",
        })]),
    }.ToJsonString();
}
