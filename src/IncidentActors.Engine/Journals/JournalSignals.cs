namespace IncidentActors.Engine.Journals;

/// <summary>Which hints a commit gives.</summary>
public static class JournalSignals
{
    /// <summary>Each kind at most once. Effects that the committing node leased itself wake nobody.</summary>
    public static IEnumerable<JournalSignal> Of(IReadOnlyList<TurnRecord> turns, IReadOnlyList<CommitResult> results)
    {
        bool halt = false, wakeUp = false, feed = false;
        for (var i = 0; i < turns.Count; i++)
        {
            if (results[i] is not Committed) continue;
            halt |= turns[i].Halt is not null;
            feed |= !turns[i].Appends.IsEmpty;
            foreach (var effect in turns[i].Effects) wakeUp |= effect.LeaseToken is null;
        }

        if (halt) yield return JournalSignal.Halt;
        if (wakeUp) yield return JournalSignal.WakeUp;
        if (feed) yield return JournalSignal.Feed;
    }
}
