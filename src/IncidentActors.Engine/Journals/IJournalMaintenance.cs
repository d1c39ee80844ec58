namespace IncidentActors.Engine.Journals;

/// <summary>For whoever moves, keeps or checks a journal as a whole. The same content gives the same lines, whichever store has
/// it.</summary>
public interface IJournalMaintenance
{
    /// <summary>Everything, as of one moment: the header, then actors in the order of their birth, events in the order of the feed,
    /// and the rest. Leases are left out.</summary>
    IAsyncEnumerable<JournalLine> ReadAllAsync(CancellationToken cancel);

    /// <summary>Fills an empty journal, all or nothing. Positions and cursors are given anew, in the order of the events.</summary>
    /// <exception cref="InvalidOperationException">The journal is not empty, or the lines are none of this format.</exception>
    Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel);
}
