using System.CommandLine;
using IncidentActors.Cli.Events;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Incidents;
using Spectre.Console;

namespace IncidentActors.Cli.Watching;

/// <summary>
/// <c>incident watch</c>: one incident or everything, live. On a terminal the picture is redrawn with every event; elsewhere each event
/// is a line. Watching one incident ends when it is closed or canceled.
/// </summary>
internal static class WatchVerb
{
    public static Command Make(Verbs verbs)
    {
        var id = Given.Maybe("id", "INC-…; without it everything");
        return verbs.Make("watch", "Follow an incident, or everything, live", [id], async (line, cancel) =>
        {
            try
            {
                return line.Maybe(id) is { } incident ? await OneAsync(line, incident, cancel) : await AllAsync(line, cancel);
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Ok;
            }
        });
    }

    private static async Task<int> OneAsync(Line line, string id, CancellationToken cancel)
    {
        var first = await line.Server.GetAsync(Path(id), cancel);
        if (!first.Ok) return line.Refused(first);
        var board = new WatchBoard(line.Terminal) { Incident = first.Read<IncidentView>() };
        await WatchAtps.ReadAsync(line, board, cancel);
        var (events, refusal) = await TimelinePages.ReadAsync(line.Server, id, null, cancel);
        if (refusal is not null) return line.Refused(refusal);
        board.Add(events);
        if (!line.Terminal.Live || line.Json) return await LinesAsync(line, board, cancel);
        var exit = ExitCodes.Ok;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await line.Screen.Live(board.Draw()).AutoClear(false).StartAsync(async live =>
        {
            var drawing = new Lock();
            void Redraw()
            {
                lock (drawing) live.UpdateTarget(board.Draw());
            }

            var ticking = TickAsync(line, Redraw, over.Token);
            exit = await FollowAsync(line, board, Redraw, lost => { board.Lose(lost); Redraw(); }, cancel);
            await over.CancelAsync();
            await ticking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        return exit;
    }

    /// <summary>Times grow while nothing happens.</summary>
    private static async Task TickAsync(Line line, Action redraw, CancellationToken over)
    {
        while (true)
        {
            await line.Terminal.Pause(TimeSpan.FromSeconds(1), over);
            redraw();
        }
    }

    private static async Task<int> LinesAsync(Line line, WatchBoard board, CancellationToken cancel)
    {
        if (!line.Json) line.Screen.Write(board.Draw());
        return await FollowAsync(
            line, board,
            () =>
            {
                if (board.Latest is not { } latest) return;
                if (line.Json) line.PrintJson(latest.GetRawText());
                else line.Screen.MarkupLine(EventText.Of(latest, line.Terminal.Now));
            },
            lost => line.Terminal.Errors.MarkupLineInterpolated($"[yellow]{(lost is null ? "connected again" : $"connection lost: {lost}")}[/]"),
            cancel);
    }

    private static async Task<int> FollowAsync(Line line, WatchBoard board, Action show, Action<string?> connection, CancellationToken cancel)
    {
        var stream = new EventStream(line.Server, line.Terminal.Pause) { Connection = connection };
        await foreach (var one in stream.ReadAsync($"/api/events?incident={Uri.EscapeDataString(board.Incident.Id)}", board.Cursor, cancel))
        {
            if (!board.Add([one.Json])) continue;
            var now = await line.Server.GetAsync(Path(board.Incident.Id), cancel);
            if (now.Ok) board.Incident = now.Read<IncidentView>();
            await WatchAtps.ReadAsync(line, board, cancel);
            show();
            if (board.Incident.Status is IncidentStatus.Closed or IncidentStatus.Canceled) return ExitCodes.Ok;
        }

        return stream.Refusal is { } refusal ? line.Refused(refusal) : ExitCodes.Ok;
    }

    private static async Task<int> AllAsync(Line line, CancellationToken cancel)
    {
        var stream = EventVerbs.Follow(line);
        if (!line.Json) line.Screen.MarkupLineInterpolated($"[grey]everything at {line.Server.Address}; Ctrl-C ends[/]");
        await foreach (var one in stream.ReadAsync($"/api/events?after={EventVerbs.FromNow}", null, cancel))
        {
            if (line.Json) line.PrintJson(one.Data);
            else line.Screen.MarkupLine(EventText.Of(one.Json, line.Terminal.Now));
        }

        return stream.Refusal is { } refusal ? line.Refused(refusal) : ExitCodes.Ok;
    }

    private static string Path(string id) => $"/api/incidents/{Uri.EscapeDataString(id)}";
}
