using System.Text.Json;
using IncidentActors.Cli.Watching;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>The picture of a watched incident on a terminal that is too low for all of it.</summary>
public sealed class WatchBoardTests
{
    [Theory]
    [InlineData(24)]
    [InlineData(40)]
    public void The_incident_what_is_new_and_whether_it_is_live_fit_on_the_terminal(int height)
    {
        var terminal = new CliRun { Width = 80 }.Terminal(live: true);
        terminal.Screen.Profile.Height = height;
        var board = new WatchBoard(terminal) { Incident = Samples.Incident, Atps = [Samples.Atp], Halts = [Samples.Halt] };
        var text = string.Join(' ', Enumerable.Repeat("Support has tickets.", 6));
        board.Add([.. Enumerable.Range(1, 30).Select(number => Element(Samples.Note($"0.{number}", 60 - number, "@dev", $"{number} {text}")))]);
        var lines = Lines(terminal.Screen, board);
        Assert.InRange(lines.Count, height / 2, height - 1);
        Assert.StartsWith(Samples.Incident.Id, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("live, ", lines[^1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("Note: 30 ", StringComparison.Ordinal));

        board.Lose("the server closed the connection.");
        Assert.Contains(Lines(terminal.Screen, board), line => line.StartsWith("CONNECTION LOST", StringComparison.Ordinal));
    }

    private static JsonElement Element(System.Text.Json.Nodes.JsonNode node) => JsonDocument.Parse(node.ToJsonString()).RootElement;

    private static List<string> Lines(IAnsiConsole screen, WatchBoard board) =>
        [.. Segment.SplitLines(board.Draw().GetSegments(screen)).Select(line => string.Concat(line.Select(segment => segment.Text)))];
}
