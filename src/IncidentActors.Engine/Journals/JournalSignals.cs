namespace IncidentActors.Engine.Journals;

/// <summary>Which hints a commit gives.</summary>
public static class JournalSignals
{
    /// <summary>Dispatchers look at the journal at least this often, so that only what is due sooner has to wake them.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Whether a dispatcher that has just looked would come too late for the effect: its own node has leased it otherwise.</summary>
    public static bool Wakes(EffectRecord effect, DateTimeOffset committed) => effect.LeaseToken is null && effect.Due - committed < PollInterval;

    /// <summary>Each kind at most once.</summary>
    public static IEnumerable<JournalSignal> Of(IReadOnlyList<TurnRecord> turns, IReadOnlyList<CommitResult> results)
    {
        bool halt = false, wakeUp = false, feed = false;
        for (var i = 0; i < turns.Count; i++)
        {
            if (results[i] is not Committed) continue;
            halt |= !turns[i].Halts.IsEmpty;
            feed |= !turns[i].Appends.IsEmpty;
            foreach (var effect in turns[i].Effects) wakeUp |= Wakes(effect, turns[i].At);
        }

        if (halt) yield return JournalSignal.Halt;
        if (wakeUp) yield return JournalSignal.WakeUp;
        if (feed) yield return JournalSignal.Feed;
    }
}
