namespace IncidentActors.Engine.Journals;

/// <summary>Commits turns. A turn that is reported as committed is durable (fsync'ed) and visible to every later read through any
/// node.</summary>
public interface ICommitLog
{
    /// <summary>How many commits are worth running at the same time: 1 for a store with a single writer.</summary>
    int Lanes { get; }

    /// <summary>
    /// Commits turns in one transaction; each succeeds or fails by itself, the result has one entry per turn in order.
    /// A turn with <see cref="TurnRecord.Subject"/> is <see cref="Fenced"/> when an active halt covers it: checked inside
    /// the transaction, so that raising a halt and committing a covered turn exclude each other (halt dominance).
    /// Within the call, later turns see what earlier ones wrote.
    /// </summary>
    /// <remarks>
    /// Where several reasons refuse a turn, the first of these is reported: <see cref="KeyKnown"/>, <see cref="AlreadyConsumed"/>,
    /// <see cref="Stale"/>, <see cref="Fenced"/>, <see cref="ClaimTaken"/>. So a turn that was applied already says so even under a halt.
    /// A store may divide the call into several transactions, never a turn. Cancelling stops only a commit that has not begun.
    /// The caller does not change the byte arrays afterwards: a store may keep them.
    /// </remarks>
    /// <exception cref="ArgumentException">A turn breaks <see cref="WellFormed"/>; nothing was written.</exception>
    Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel);
}
