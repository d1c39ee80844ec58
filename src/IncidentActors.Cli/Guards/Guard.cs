using System.Diagnostics;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Permits;

namespace IncidentActors.Cli.Guards;

/// <summary>How a guarded command ended.</summary>
/// <param name="ExitCode">The command's own, or why it was stopped.</param>
/// <param name="Stopped">The sentence that says why it was stopped; null if it ended by itself.</param>
/// <param name="Left">Processes that it had left running were stopped.</param>
internal sealed record GuardResult(int ExitCode, string? Stopped, PermitOutcome Outcome, bool Left = false);

/// <summary>
/// Runs one command under its permit, and stops its whole process group when the permit does not hold any more. Nothing that the command has started
/// outlives it: without a permit a halt would not reach it.
/// </summary>
internal sealed class Guard(ServerClient server, PermitView permit, TimeSpan grace, ProcessGroup group, Watchdog watchdog)
{
    /// <summary>Grace time for remaining processes after the command has ended, such as a reader of its output.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan seconds = TimeSpan.FromSeconds(permit.Seconds);

    /// <summary>Grace time between SIGTERM and SIGKILL: as configured, at most a quarter of the permit's time.</summary>
    private TimeSpan Grace => Within(grace, seconds);

    public static TimeSpan Within(TimeSpan grace, TimeSpan seconds) => grace < seconds / 4 ? grace : seconds / 4;

    /// <param name="asked">When the permit was asked for, before the request was sent.</param>
    public async Task<GuardResult> HoldAsync(long asked)
    {
        await using var hold = new PermitHold(server, permit.Id, seconds, Grace, left => watchdog.Renew(permit.Id, group.Id, left, Grace));
        hold.Begin(asked);
        if (await Task.WhenAny(group.Exited, hold.Stopped) == group.Exited)
        {
            var exitCode = await group.Exited;
            var left = !await GoneAsync(Afterwards);
            if (left) await EndGroupAsync(hold);
            return new GuardResult(exitCode, null, exitCode == 0 ? PermitOutcome.Done : PermitOutcome.Failed, left);
        }

        var why = await hold.Stopped;
        await EndGroupAsync(hold);
        await group.Exited;
        return new GuardResult(why.ExitCode, why.Sentence, PermitOutcome.Unknown);
    }

    /// <summary>SIGTERM, and what is left of the group after the grace time, or at the permit's end, SIGKILL.</summary>
    private async Task EndGroupAsync(PermitHold hold)
    {
        group.Signal(Posix.Terminate);
        MarkedProcesses.Signal(permit.Id, Posix.Terminate);
        await GoneAsync(Grace < hold.Left ? Grace : hold.Left);
        group.Signal(Posix.Kill);
        MarkedProcesses.Signal(permit.Id, Posix.Kill);
    }

    /// <summary>Waits until no process of the command is left; false if the time ran out first.</summary>
    private async Task<bool> GoneAsync(TimeSpan within)
    {
        var began = Stopwatch.GetTimestamp();
        while (group.Signal(0) || MarkedProcesses.Any(permit.Id))
        {
            if (Stopwatch.GetElapsedTime(began) >= within) return false;
            await Task.Delay(PollInterval);
        }

        return true;
    }
}
