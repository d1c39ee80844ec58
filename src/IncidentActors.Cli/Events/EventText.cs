using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using Spectre.Console;

namespace IncidentActors.Cli.Events;

/// <summary>Events as one line each: when, who, about what, and what happened in words.</summary>
internal static class EventText
{
    private const int Longest = 110;

    public static void Timeline(Line line, IReadOnlyList<JsonElement> events, int most)
    {
        if (events.Count > most) line.Screen.MarkupLineInterpolated($"[grey]… {events.Count - most} earlier entries, see --timeline[/]");
        foreach (var one in events.Skip(Math.Max(0, events.Count - most))) line.Screen.MarkupLine(Of(one, line.Terminal.Now));
    }

    public static string Of(JsonElement one, DateTimeOffset now)
    {
        var at = one.Time("at") is { } time ? Ago.Clock(time, now) : "-";
        var (actor, name) = (one.Text("actor") ?? "", one.Text("type") ?? one.Text("name") ?? "");
        return $"[grey]{at}[/]  {Markup.Escape(one.Text("by") ?? "-"),-10}  [bold]{Markup.Escape(actor[(actor.IndexOf('/', StringComparison.Ordinal) + 1)..])}[/]  {Markup.Escape(Name(name))} {Words.Short(What(one), Longest)}".TrimEnd();
    }

    /// <summary><c>incident.atp-joined.v1</c> → <c>incident atp-joined</c>.</summary>
    private static string Name(string name)
    {
        var version = name.LastIndexOf(".v", StringComparison.Ordinal);
        return (version < 0 ? name : name[..version]).Replace('.', ' ');
    }

    /// <summary>The fields of an event that a person wants to see first.</summary>
    private static string What(JsonElement one)
    {
        if ((one.Part("data") ?? one.Part("payload")) is not { ValueKind: JsonValueKind.Object } data) return "";
        var parts = new List<string>();
        if (data.Text("from") is { } from && data.Text("to") is { } to) parts.Add($"{from} → {to}");
        foreach (var field in (ReadOnlySpan<string>)["title", "subject", "text", "reason", "trigger", "action", "question", "scope", "atpId", "haltId", "approvalId", "notes"])
        {
            if (data.Text(field) is { Length: > 0 } text && parts.Count < 3 && !parts.Contains(text)) parts.Add(text);
        }

        return string.Join(": ", parts);
    }
}
