namespace IncidentActors.Engine.Journals;

/// <summary>What has changed in the journal and may be read again.</summary>
public enum JournalSignal
{
    /// <summary>A halt was raised or lifted, by this node or another one.</summary>
    Halt,

    /// <summary>There may be effects that are due earlier than <see cref="IEffectQueue.NextDueAsync"/> said.</summary>
    WakeUp,

    /// <summary>There may be events behind the end of the feed.</summary>
    Feed,
}
