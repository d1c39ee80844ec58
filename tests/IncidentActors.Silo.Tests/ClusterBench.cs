using System.Collections.Concurrent;
using IncidentActors.Behaviour;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Silo.Tests;

/// <summary>Silos on one store, and a client outside of them; all calls go through grain interfaces.</summary>
internal abstract class ClusterBench : IBench
{
    /// <summary>Where no silo is lost a call is answered, however busy the machine is.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<string, byte> inWork = new();
    private readonly List<EffectWatch> journals = [];
    private readonly Func<IStore> connect;
    private readonly FakeTimeProvider time = TestClock.Start();
    private int seeds;
    private int named;

    /// <param name="connect">A silo's journal on the common store.</param>
    protected ClusterBench(Func<IStore> connect)
    {
        this.connect = connect;
        Journal = Connect();
        Options = new EngineOptions { Time = time, Seeds = () => $"{Interlocked.Increment(ref seeds):D5}AAA", EffectLease = TimeSpan.FromDays(1000) };
    }

    public IActorDirectory Actors => Directory;
    public IStore Journal { get; }
    public abstract int Nodes { get; }
    public abstract ClusterActors Directory { get; }
    protected EngineOptions Options { get; }

    /// <summary>For one more silo: no two have one name.</summary>
    protected EngineOptions NodeOptions() => Options with { Node = $"silo-{Interlocked.Increment(ref named)}" };

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

    /// <summary>The clock goes on; what falls due is not waited for.</summary>
    public void Tick(TimeSpan passed) => time.Advance(passed);

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => Directory.DeclareAsync(declare, call);

    public async Task PassAsync(TimeSpan passed)
    {
        var until = time.GetUtcNow() + passed;
        while (true)
        {
            await IdleAsync();
            var next = await Journal.NextDueAsync(CancellationToken.None);
            if (next is null || next > until) break;
            time.SetUtcNow(next.Value);
        }

        time.SetUtcNow(until);
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
    private Task IdleAsync() => Eventually.TrueAsync(
        async () => !(await Journal.NextDueAsync(CancellationToken.None) <= time.GetUtcNow()) && inWork.IsEmpty, "the end of all effects that are due");
}
