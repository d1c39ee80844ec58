namespace IncidentActors.Engine.Journals;

/// <summary>What may be worth looking at again.</summary>
public enum JournalSignal
{
    /// <summary>A halt was raised or lifted, by this node or another one.</summary>
    Halt,

    /// <summary>There may be effects that are due earlier than <see cref="IEffectQueue.NextDueAsync"/> said.</summary>
    WakeUp,

    /// <summary>There may be events behind the end of the feed.</summary>
    Feed,
}
