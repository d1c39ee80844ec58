using IncidentActors.Cli.Lines;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;

namespace IncidentActors.Cli.Watching;

/// <summary>Reads what belongs to the watched incident: its ATPs and its halts.</summary>
internal static class WatchAtps
{
    public static async Task ReadAsync(Line line, WatchBoard board, CancellationToken cancel)
    {
        var atps = new List<AtpView>();
        foreach (var id in board.Incident.Atps)
        {
            var answer = await line.Server.GetAsync($"/api/atps/{Uri.EscapeDataString(id)}", cancel);
            if (answer.Ok) atps.Add(answer.Read<AtpView>());
        }

        var halts = new List<HaltView>();
        foreach (var id in board.Incident.Halts)
        {
            var answer = await line.Server.GetAsync($"/api/halts/{Uri.EscapeDataString(id)}", cancel);
            if (answer.Ok) halts.Add(answer.Read<HaltView>());
        }

        (board.Atps, board.Halts) = (atps, halts);
    }
}
