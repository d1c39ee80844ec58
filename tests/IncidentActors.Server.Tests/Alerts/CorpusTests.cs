using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>Notifications of the common senders through the endpoints: which incident, severity, category, condition and halt each one makes, and by
/// which rule.</summary>
public sealed class CorpusTests
{
    [Fact]
    public async Task Each_notification_becomes_what_the_golden_file_says()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var one in CorpusCase.All)
        {
            var reply = await server.PostAsync(one.Endpoint, null, one.Body().ToJsonString());
            Assert.True((int)reply.Status is 200 or 202, $"{one}: {reply.Body}");
        }

        var incidents = new Dictionary<string, JsonElement>();
        for (string? cursor = null; ;)
        {
            var page = (await server.GetAsync($"/api/incidents?limit=200{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).IsOk().Json;
            foreach (var incident in page.List("items")) incidents[incident.Text("title").Split('#')[^1]] = incident;
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            if (cursor is null) break;
        }

        var halts = new HashSet<string>();
        for (string? cursor = null; ;)
        {
            var page = (await server.GetAsync($"/api/halts?limit=200{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).IsOk().Json;
            foreach (var halt in page.List("items").Where(halt => halt.Text("status") == "active")) halts.Add(halt.Text("incidentId"));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            if (cursor is null) break;
        }

        var text = new StringBuilder();
        foreach (var one in CorpusCase.All)
        {
            text.Append(one.Id).Append(' ').Append(one.Sender).Append(" [").Append(one.Severity).Append("] ").Append(one.Name).Append(": ").Append(one.Text);
            if (one.Labels.Length > 0) text.Append(" {").Append(one.Labels).Append('}');
            text.Append("\n    ").Append(incidents.TryGetValue(one.Id, out var incident) ? Made(incident, halts) : "nothing is declared").Append('\n');
        }

        Golden.Equal("Corpus/expected.golden", text.ToString());
    }

    private static string Made(JsonElement incident, HashSet<string> halts)
    {
        var conditions = string.Join(' ', incident.List("conditions").Select(one => one.GetString()));
        return $"{incident.Text("severity")} {incident.Text("category")} condition {(conditions.Length == 0 ? "none" : conditions)}"
            + $" {(halts.Contains(incident.Text("id")) ? "HALT" : "no halt")} | {incident.Text("route")}";
    }
}
