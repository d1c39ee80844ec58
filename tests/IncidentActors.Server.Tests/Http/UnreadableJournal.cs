using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Http;

/// <summary>A store that goes away for a kind of reads right after it has taken a commit, and stays away until it is healed.</summary>
internal sealed class UnreadableJournal(IStore inner) : DelegatingStore(inner)
{
    public const string Halts = "halts";

    /// <summary>What only the log may say.</summary>
    public const string Detail = "PostgreSQL db.internal:5432/journal: connection refused";

    private volatile string? next;
    private volatile string? away;

    /// <param name="what">The name of an actor's kind, a record's kind, or <see cref="Halts"/>.</param>
    public void LosesAfterTheNextCommit(string what) => next = what;

    public void Heal() => (next, away) = (null, null);

    public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        var results = await base.CommitAsync(turns, cancel);
        if (next is { } what) away = what;
        return results;
    }

    public override Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel) => Read(actor.Kind.ToString(), () => base.LoadAsync(actor, cancel));

    public override Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel) =>
        Read(Halts, () => base.HaltsAsync(liftedAfter, cancel));

    public override Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel) =>
        Read(kind, () => base.FindAsync(kind, key, cancel));

    private Task<T> Read<T>(string what, Func<Task<T>> read) =>
        away == what ? throw new JournalUnavailableException("The store is away.", notApplied: true, Detail) : read();
}
