using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>
/// Notifications in shapes that senders document (<c>senders.jsonl</c>, one sender a line): which incidents they make, with which alerts, which of them
/// halt, and whose end is read.
/// </summary>
public sealed class SenderShapeTests
{
    [Fact]
    public async Task Each_sender_s_notifications_become_what_the_golden_file_says()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var known = new HashSet<string>();
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Alerts", "Corpus", "senders.jsonl")))
        {
            var sender = JsonElement.Parse(line);
            text.Append(sender.Text("sender")).Append('\n');
            foreach (var sent in sender.List("sent"))
            {
                var body = sent.ValueKind == JsonValueKind.String ? sent.GetString()! : sent.GetRawText();
                using var request = new HttpRequestMessage(HttpMethod.Post, Given(sender, "path") ?? "/webhooks/alertmanager")
                {
                    Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
                };
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(Given(sender, "type") ?? "application/json");
                var reply = await server.SendAsync(request);
                Assert.True((int)reply.Status is 200 or 202, $"{sender.Text("sender")}: {reply.Body}");
            }

            var made = (await server.GetAsync("/api/incidents?limit=200")).IsOk().Items().Where(one => known.Add(one.Text("id"))).ToList();
            var halted = (await server.GetAsync("/api/halts?limit=200")).IsOk().Items().Select(halt => halt.Text("incidentId")).ToHashSet();
            foreach (var one in made.OrderBy(incident => incident.Text("title"), StringComparer.Ordinal))
            {
                var ended = one.GetProperty("resolutionSuggested").GetBoolean() ? "ended" : "goes on";
                var halt = halted.Contains(one.Text("id")) ? "HALT" : "no halt";
                text.Append($"    {one.Text("severity")} {one.Text("title")} | {one.List("alerts").Count()} alerts, {ended}, {halt} | {one.Text("route")}\n");
            }
        }

        Golden.Equal("Corpus/senders.golden", text.ToString());
    }

    private static string? Given(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;
}
