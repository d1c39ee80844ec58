using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Events;

/// <summary>One event, as timelines and the event stream show it.</summary>
/// <param name="Id">Its place in the feed; <c>after</c> and <c>Last-Event-ID</c> take it.</param>
/// <param name="Name">Literal and versioned: <c>incident.declared.v1</c>.</param>
/// <param name="Actor">The actor with the event in its history: <c>incident/INC-…</c>.</param>
/// <param name="Version">Its number in that history, without gaps.</param>
/// <param name="Cause">The clock or message that led to it; null if a call did.</param>
/// <param name="Token">Id of the token that the caller showed; left out where none was.</param>
public sealed record EventView(
    string Id, DateTimeOffset At, string By, string Name, string Actor, long Version, string? Incident, string? Cause, JsonElement Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token = null)
{
    public static EventView Of(StoredEvent stored)
    {
        using var payload = JsonDocument.Parse(stored.Payload);
        return new EventView(
            stored.Cursor, stored.At, stored.By, stored.Name, stored.Actor.ToString(), stored.Version, stored.Incident, stored.Cause,
            payload.RootElement.Clone(), stored.Token);
    }
}
