using System.Text.Json;
using IncidentActors.Cli.Http;

namespace IncidentActors.Cli.Events;

/// <summary>An incident's timeline, read page by page.</summary>
internal static class TimelinePages
{
    /// <returns>All events from <paramref name="after"/> on, oldest first, or what refused.</returns>
    public static async Task<(List<JsonElement> Events, ServerAnswer? Refusal)> ReadAsync(
        ServerClient server, string incident, string? after, CancellationToken cancel)
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var answer = await server.GetAsync($"/api/incidents/{Uri.EscapeDataString(incident)}/timeline{Paths.Query(("after", after))}", cancel);
            if (!answer.Ok) return (events, answer);
            var page = answer.Json();
            events.AddRange(page.Items());
            after = page.Text("next");
            if (after is null) return (events, null);
        }
    }
}
