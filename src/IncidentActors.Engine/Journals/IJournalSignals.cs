namespace IncidentActors.Engine.Journals;

/// <summary>What may be worth looking at again.</summary>
public enum JournalSignal
{
    /// <summary>A halt was raised or lifted, by this node or another one.</summary>
    Halt,

    /// <summary>There may be effects that are due earlier than <see cref="IJournal.NextDueAsync"/> said.</summary>
    WakeUp,

    /// <summary>There may be events behind the end of the feed.</summary>
    Feed,
}

/// <summary>
/// Hints from a journal, so that nobody has to poll often. Only hints: one may come twice, late, without cause or (while a
/// connection is down) not at all, so whoever waits for one also looks again after a while. Nothing correct depends on them.
/// </summary>
public interface IJournalSignals
{
    /// <summary>Raised after the commit, on any thread. Handlers return at once and throw nothing.</summary>
    event Action<JournalSignal>? Signaled;
}
