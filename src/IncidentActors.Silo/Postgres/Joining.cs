using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace IncidentActors.Silo.Postgres;

/// <summary>
/// What a silo does in the database before it joins. Orleans lets a silo join only when every active member answers it, so members that
/// were killed together would keep all new ones out for minutes: this declares dead, in the membership table, those that are gone.
/// </summary>
internal sealed partial class Joining(
    string connectionString, TimeSpan deadAfter, ILocalSiloDetails self, IOptions<ClusterOptions> cluster, ILogger<Joining> log)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource joined = new();
    private readonly MemberTable members = new(connectionString, cluster.Value.ClusterId);

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(Joining), ServiceLifecycleStage.First, BeginAsync, _ => joined.CancelAsync());
        lifecycle.Subscribe(nameof(Joining), ServiceLifecycleStage.Active, _ => joined.CancelAsync());
    }

    private async Task BeginAsync(CancellationToken cancel)
    {
        await ClusterSchema.ApplyAsync(connectionString, cancel);
        if (await ClearAsync(cancel)) _ = ClearUntilJoinedAsync();
    }

    /// <summary>While the silo joins, members that cannot be reached are looked at again: they die when they have been silent for too long.</summary>
    private async Task ClearUntilJoinedAsync()
    {
        using var look = new PeriodicTimer(LookInterval);
        try
        {
            while (await look.WaitForNextTickAsync(joined.Token) && await ClearAsync(joined.Token))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The silo has joined, or stops.
        }
        catch (Exception error)
        {
            LogFailed(log, error);
        }
    }

    /// <returns>Whether a member cannot be reached and is not declared dead yet.</returns>
    private async Task<bool> ClearAsync(CancellationToken cancel)
    {
        var waits = false;
        foreach (var (member, answer) in await members.ProbeAsync(self.SiloAddress, cancel))
        {
            if (answer == MemberAnswer.Listens) continue;
            if (IsAnothers(member)) throw new InvalidOperationException(
                $"The silo {member.Address}:{member.Port} of {member.Host} is in this cluster and listens on its own loopback only. Silos on "
                + "several machines need --silo-address on each of them.");
            if (answer == MemberAnswer.Refuses || member.Silent > deadAfter)
            {
                if (await members.DeclareDeadAsync(member, cancel)) LogDead(log, member.Name, member.Silent.TotalSeconds);
                continue;
            }

            waits = true;
            LogWaits(log, member.Name, member.Silent.TotalSeconds, (deadAfter - member.Silent).TotalSeconds);
        }

        return waits;
    }

    /// <summary>Loopback addresses of other machines cannot be probed from here; such a silo counts as gone once it was silent for long.</summary>
    private bool IsAnothers(Member member) => IPAddress.IsLoopback(member.Address) && member.Host != self.DnsHostName && member.Silent <= deadAfter;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo {Silo} is gone, silent for {Silent:0} s: it is removed from the cluster")]
    private static partial void LogDead(ILogger log, string silo, double silent);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The silo {Silo} cannot be reached, silent for {Silent:0} s. This silo waits for it, or for {Left:0} s until it counts as gone")]
    private static partial void LogWaits(ILogger log, string silo, double silent, double left);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Members that are gone could not be removed from the cluster; Orleans does so later")]
    private static partial void LogFailed(ILogger log, Exception error);
}
