namespace IncidentActors.Engine.Journals;

/// <summary>Moves, checks and trims a journal as a whole. The same content gives the same lines from every store.</summary>
public interface IStoreMaintenance
{
    /// <summary>Everything, as of one moment: the header, then actors in the order of their birth, events in the order of the feed,
    /// and the rest. Leases are left out.</summary>
    IAsyncEnumerable<JournalLine> ReadAllAsync(CancellationToken cancel);

    /// <summary>Fills an empty store, all or nothing. Positions and cursors are assigned again, in the order of the events.</summary>
    /// <exception cref="InvalidOperationException">The store is not empty, or the lines do not have this format.</exception>
    Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel);

    /// <summary>
    /// Removes answers of turns that were committed before a time, in about the order in which they were given, and no more than
    /// <paramref name="limit"/> of them, so that the work is bounded. Nothing else depends on an answer: effects
    /// are consumed by their own rows, and a turn that is being committed writes an answer that is younger.
    /// </summary>
    /// <returns>How many were removed; fewer than <paramref name="limit"/>: the rest is younger, or comes later.</returns>
    Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel);

    /// <summary>Sentences about messages and halts whose columns do not say what their documents say: somebody wrote them by hand.</summary>
    Task<IReadOnlyList<string>> StrayColumnsAsync(CancellationToken cancel);

    /// <summary>Ends sessions of nodes that froze in the middle of a commit, because their locks prevent halts from being raised. What they had
    /// begun is not applied. A store of one process has no such sessions.</summary>
    Task<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(CancellationToken cancel);
}

/// <param name="Process">The store's number of the session: its own log names the same.</param>
/// <param name="Client">From where the node was connected.</param>
/// <param name="Stood">For how long nothing had come from it.</param>
public sealed record EndedSession(int Process, string Client, TimeSpan Stood);
