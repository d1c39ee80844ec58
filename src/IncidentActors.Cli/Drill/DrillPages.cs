using System.ComponentModel;
using System.Diagnostics;
using IncidentActors.Cli.Lines;
using Spectre.Console;

namespace IncidentActors.Cli.Drill;

/// <summary>The pages of the drill's own server, for those who watch it in a browser.</summary>
internal static class DrillPages
{
    /// <summary>Default delay between two rows.</summary>
    public static readonly TimeSpan SlowMotion = TimeSpan.FromSeconds(4);

    /// <summary>Says where they are, and opens them where somebody sits at the terminal.</summary>
    public static void Open(Line line, Uri address)
    {
        if (!line.Json) line.Screen.MarkupLineInterpolated($"The pages: {address}");
        if (!line.Terminal.Live) return;
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true });
        }
        catch (Win32Exception)
        {
            // No browser here; the address has been said.
        }
    }

    /// <summary>At a terminal: keeps the server until Ctrl+C, so that the end can be looked at.</summary>
    public static async Task StayAsync(Line line, Uri address, CancellationToken cancel)
    {
        if (!line.Terminal.Live || line.Json) return;
        line.Screen.MarkupLineInterpolated($"The pages stay at {address} until Ctrl+C.");
        await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
