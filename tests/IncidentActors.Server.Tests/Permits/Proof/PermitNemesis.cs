using IncidentActors.Server.Tests.Chaos;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits.Proof;

internal enum PermitFault
{
    None,
    KillSilo,
    StallSilo,
    FreezeGuard,
    KillGuard,
    CutConnections,
}

/// <summary>Breaks one thing at a time, and mends it.</summary>
internal sealed class PermitNemesis(Fleet fleet, GuardedCommands guarded, IReadOnlyList<CutProxy> proxies, Random random)
{
    private GuardProcess? frozen;

    /// <summary>The silos that answer while the fault lasts.</summary>
    public IReadOnlyList<ServerProcess> Answering { get; private set; } = fleet.Running;

    /// <summary>A silo for the next fault; halts are raised through the others.</summary>
    public ServerProcess Choose(PermitFault fault)
    {
        var victim = fleet.Running[random.Next(fleet.Running.Count)];
        Answering = fault is PermitFault.KillSilo or PermitFault.StallSilo ? fleet.Without(victim) : fleet.Running;
        return victim;
    }

    public async Task StrikeAsync(PermitFault fault, ServerProcess victim)
    {
        switch (fault)
        {
            case PermitFault.KillSilo:
                await victim.KillAsync();
                break;
            case PermitFault.StallSilo:
                victim.Stall();
                break;
            case PermitFault.FreezeGuard:
                frozen = SomeGuard();
                Signal(frozen, "STOP");
                break;
            case PermitFault.KillGuard:
                Signal(SomeGuard(), "KILL");
                break;
            case PermitFault.CutConnections:
                foreach (var proxy in proxies) proxy.Cut(loseAnswer: random.Next(2) == 0);
                break;
        }
    }

    public async Task MendAsync(PermitFault fault, ServerProcess victim)
    {
        Signal(frozen, "CONT");
        frozen = null;
        if (fault == PermitFault.KillSilo) await Nodes.StartAsync(victim);
        if (fault == PermitFault.StallSilo) victim.Resume();

        // Any silo may have been taken out of the cluster on a machine that stands still for seconds.
        foreach (var silo in fleet.Running) await Nodes.UntilReadyAsync(silo);
    }

    private GuardProcess? SomeGuard() => guarded.Guards is { Count: > 0 } running ? running[random.Next(running.Count)] : null;

    private static void Signal(GuardProcess? guard, string name)
    {
        try
        {
            guard?.Signal(name);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }
}
