using System.Collections.Concurrent;
using IncidentActors.Behaviour;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Orleans.Tests;

/// <summary>Silos on one store, and a client outside of them; all calls go through grain interfaces.</summary>
internal abstract class ClusterBench : IBench
{
    private readonly ConcurrentDictionary<string, byte> inWork = new();
    private readonly List<EffectWatch> journals = [];
    private readonly Func<IJournal> connect;
    private readonly ManualTime time = new();
    private int seeds;

    /// <param name="connect">A silo's journal on the common store.</param>
    protected ClusterBench(Func<IJournal> connect)
    {
        this.connect = connect;
        Journal = Connect();
        Options = new EngineOptions { Time = time, Seeds = () => $"{Interlocked.Increment(ref seeds):D5}AAA", EffectLease = TimeSpan.FromDays(1000) };
    }

    public IActorDirectory Actors => Directory;
    public IJournal Journal { get; }
    public abstract int Nodes { get; }
    public abstract OrleansDirectory Directory { get; }
    protected EngineOptions Options { get; }

    /// <summary>Awaited before each commit of any silo.</summary>
    public Func<Task> BeforeCommit
    {
        set => journals.ForEach(journal => journal.BeforeCommit = value);
    }

    /// <summary>Awaited before each load of an actor by any silo.</summary>
    public Func<Task> BeforeLoad
    {
        set => journals.ForEach(journal => journal.BeforeLoad = value);
    }

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => Directory.DeclareAsync(declare, call);

    public async Task PassAsync(TimeSpan passed)
    {
        var until = time.GetUtcNow() + passed;
        while (true)
        {
            await IdleAsync();
            var next = await Journal.NextDueAsync(CancellationToken.None);
            if (next is null || next > until) break;
            time.Now = next.Value;
        }

        time.Now = until;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    protected EffectWatch Connect()
    {
        var journal = new EffectWatch(connect(), inWork);
        journal.OpenAsync(CancellationToken.None).GetAwaiter().GetResult();
        lock (journals) journals.Add(journal);
        return journal;
    }

    /// <summary>
    /// Until nothing is due and no silo works on an effect; in this order: one that is taken between the two looks is in work by the second.
    /// </summary>
    private async Task IdleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await Journal.NextDueAsync(patience.Token) <= time.GetUtcNow() || !inWork.IsEmpty) await look.WaitForNextTickAsync(patience.Token);
    }
}
