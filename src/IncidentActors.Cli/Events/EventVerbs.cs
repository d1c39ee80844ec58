using System.CommandLine;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using Spectre.Console;

namespace IncidentActors.Cli.Events;

/// <summary><c>incident events</c>: the feed of everything, one line or one JSON object per event.</summary>
internal static class EventVerbs
{
    /// <summary>What the server takes for a stream that begins with what comes next.</summary>
    public const string FromNow = "now";

    public static Command Events(Verbs verbs)
    {
        var after = Given.Text("--after", "Begin after the event with this id; 'start': from the first event; default: new events only", "now", "start");
        var count = new Option<int?>("--count") { Description = "Stop after so many events", HelpName = "N" };
        return verbs.Make("events", "Follow all events; after a lost connection it continues where it stopped", [after, count], async (line, cancel) =>
        {
            var stream = Follow(line);
            var left = line.Value(count) ?? int.MaxValue;
            try
            {
                var from = line.Value(after) ?? FromNow;
                await foreach (var one in stream.ReadAsync($"/api/events{Paths.Query(("after", from == "start" ? null : from))}", null, cancel))
                {
                    if (line.Json) line.PrintJson(one.Data);
                    else line.Screen.MarkupLine(EventText.Of(one.Json, line.Terminal.Now));
                    if (--left <= 0) return ExitCodes.Ok;
                }
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Ok;
            }

            return stream.Refusal is { } refusal ? line.Refused(refusal) : ExitCodes.Ok;
        });
    }

    /// <summary>A stream that says on standard error when the connection is lost and when it is there again.</summary>
    public static EventStream Follow(Line line) => new(line.Server, line.Terminal.Pause)
    {
        Connection = lost =>
        {
            if (lost is null) line.Terminal.Errors.MarkupLine("[green]connected again[/]");
            else line.Terminal.Errors.MarkupLineInterpolated($"[yellow]connection lost: {lost} Trying again from the last event on.[/]");
        },
    };
}
