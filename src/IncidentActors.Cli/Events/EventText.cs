using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using Spectre.Console;

namespace IncidentActors.Cli.Events;

/// <summary>Events as one line each: when, who, and what happened.</summary>
internal static class EventText
{
    private const int MaxLength = 140;

    /// <summary>The last <paramref name="most"/> events, and how many there are before them.</summary>
    public static void Timeline(Line line, IReadOnlyList<JsonElement> events, int most)
    {
        if (events.Count > most)
            line.Screen.MarkupLineInterpolated($"[grey]… {events.Count - most} earlier (--timeline {events.Count} shows all)[/]");
        foreach (var one in events.Skip(Math.Max(0, events.Count - most))) line.Screen.MarkupLine(Of(one, line.Terminal.Now));
    }

    public static string Of(JsonElement one, DateTimeOffset now)
    {
        var at = one.Time("at") is { } time ? Ago.Clock(time, now) : "-";
        return
            $"[grey]{at}[/]  {Markup.Escape((one.Text("by") ?? "-").PadRight(10))}  "
            + $"{Colour(one.Text("name") ?? "", Words.Short(EventWords.Of(one), MaxLength))}";
    }

    private static string Colour(string name, string text) => name.Split('.', 3) switch
    {
        ["halt", "raised", ..] or [_, "overdue", ..] or ["incident", "declared", ..] => $"[bold red]{text}[/]",
        ["halt", ..] or ["incident", "resolved" or "closed", ..] or ["atp", "finished", ..] => $"[green]{text}[/]",
        ["incident", ..] or ["atp", "moved", ..] => $"[bold]{text}[/]",
        _ => text,
    };
}
