using System.Text;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Core.Reports;

namespace IncidentActors.Cli.Events;

/// <summary>The sentence of an event as the feed sends it.</summary>
internal static class EventWords
{
    /// <summary>The event's name and where it belongs, for one that only a newer program can read.</summary>
    public static string Of(JsonElement one)
    {
        var (name, actor) = (one.Text("name") ?? "-", one.Text("actor") ?? "-");
        if (one.Part("data") is not { } data) return $"{name} on {actor}";
        try
        {
            var read = EventTypes.Read(name, Encoding.UTF8.GetBytes(data.GetRawText()));
            return EventSentences.Of(new TimelineEvent(ActorId.Parse(actor), read, one.Time("at") ?? default, one.Text("by") ?? "-"));
        }
        catch (Exception error) when (error is UnknownEventException or JsonException or FormatException)
        {
            return $"{name} on {actor}";
        }
    }
}
