using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits.Proof.Checkers;

/// <summary>A guarded command whose permit was granted before a halt that covers it is gone at the time that the halt states.</summary>
internal static class NoGuardedCommandAfterTheStatedTime
{
    /// <summary>How late a process may be seen to be gone; later on a machine with a load far above its cores.</summary>
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    public static IEnumerable<string> Violations(PermitHistory history)
    {
        var granted = new Dictionary<string, PermitGranted>();
        var measured = Eventually.Scaled(Measured);
        foreach (var step in history.Steps)
        {
            if (step.Event is PermitGranted permit) granted[step.Id] = permit;
            if (step.Event is not HaltRaised raised || !history.Stated.TryGetValue(step.Id, out var stated)) continue;
            foreach (var command in history.Commands)
            {
                if (!granted.TryGetValue(command.Permit, out var held) || !PermitHistory.Covers(raised.Scope, held)) continue;
                if (command.GoneAt < step.At || command.GoneAt <= stated + measured) continue;
                yield return $"process {command.Process} of {held.Holder} ({command.Permit}) was alive until {command.GoneAt:O}, {step.Id} states {stated:O}";
            }
        }
    }
}
