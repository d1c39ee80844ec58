using IncidentActors.Cli.Lines;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using Spectre.Console;

namespace IncidentActors.Cli.Incidents;

/// <summary>What the active halts of an incident do: some stop work, others only record or warn.</summary>
internal static class IncidentHalts
{
    public static async Task ShowAsync(Line line, IncidentView incident, CancellationToken cancel)
    {
        var (stopping, others) = (new List<string>(), new List<string>());
        foreach (var id in incident.Halts)
        {
            var answer = await line.Server.GetAsync($"/api/halts/{Uri.EscapeDataString(id)}", cancel);
            if (!answer.Ok)
                others.Add($"{id} (not read: incident halt status {id})");
            else if (answer.Read<HaltView>() is { LiftedAt: null } halt)
                (halt.Mode.IsEnforced() ? stopping : others).Add(halt.Mode.IsEnforced() ? id : $"{id} ({halt.Mode.Name()}: stops nothing)");
        }

        if (stopping.Count > 0) line.Screen.MarkupLineInterpolated($"[bold red]All other work is halted[/] by {string.Join(", ", stopping)}.");
        if (others.Count > 0) line.Screen.MarkupLineInterpolated($"[yellow]Halts that are not in force:[/] {string.Join(", ", others)}.");
    }
}
