namespace IncidentActors.Engine.Journals;

/// <summary>Effects that are still to be applied. Commits add and remove them; nodes lease the due ones.</summary>
public interface IEffectQueue
{
    /// <summary>Takes due effects for a node: marks them with a fresh lease token so that no other node takes them before the
    /// lease ends. Effects held by <see cref="HoldAsync"/> come again at their new due time. By readiness, then oldest first.</summary>
    Task<IReadOnlyList<DueEffect>> TakeDueAsync(string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel);

    /// <summary>Gives an effect back with a new due time and, for a clock that was paused, a new base; only with the right lease
    /// token, else nothing happens. Leases and holds need not survive a crash of the store: the effect itself does, and comes
    /// again.</summary>
    Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel);

    /// <summary>Lets an effect rest until the halt is lifted, wholly or partly: it comes again at once then. When the halt is not active
    /// any more it comes again now. Only with the right lease token.</summary>
    Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel);

    /// <summary>When the next effect without a lease becomes due (or a lease ends), or null.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel);

    /// <summary>An effect by its id (a clock that runs), or null.</summary>
    Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel);
}
