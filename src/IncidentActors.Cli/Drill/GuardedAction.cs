using System.Diagnostics;
using IncidentActors.Cli.Guards;

namespace IncidentActors.Cli.Drill;

/// <summary>A long-running command of an agent under a real <c>incident guard</c>, which the drill's halt must stop within the time that it states.</summary>
internal sealed class GuardedAction : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly Process guard;

    private GuardedAction(Process guard) => this.guard = guard;

    public static string Holder => "@agent-guarded";

    /// <summary>The guard's exit code; null: it has not stopped.</summary>
    public int? ExitCode { get; private set; }

    /// <exception cref="DrillFailedException">The guard did not start its command.</exception>
    public static async Task<GuardedAction> StartAsync(Uri server, CancellationToken cancel) =>
        new(await GuardProgram.StartAsync(server, Holder, token: null, ["--action", "shell"], cancel)
            ?? throw new DrillFailedException($"The guarded command of {Holder} did not start."));

    /// <summary>Returns when the guard has stopped, or after a minute.</summary>
    public async Task StopsAsync(CancellationToken cancel)
    {
        try
        {
            await guard.WaitForExitAsync(cancel).WaitAsync(StopTimeout, cancel);
            ExitCode = guard.ExitCode;
        }
        catch (TimeoutException)
        {
            // The check says so.
        }
    }

    /// <summary>A guard that is killed takes its command with it.</summary>
    public void Dispose()
    {
        if (!guard.HasExited) guard.Kill();
        guard.Dispose();
    }
}
