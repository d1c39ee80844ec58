namespace IncidentActors.Engine.Journals;

/// <summary>Forgets the first answers under idempotency keys when their time is over, so that a journal does not keep every answer that it ever gave.</summary>
public interface IKeyRetention
{
    /// <summary>
    /// Removes answers of turns that were committed before a time, in about the order in which they were given, and no more than
    /// <paramref name="limit"/> of them, so that the work is bounded however many there are. Nothing else depends on an answer: effects
    /// are consumed by their own rows, and a turn that is being committed writes an answer that is younger.
    /// </summary>
    /// <returns>How many were removed; fewer than <paramref name="limit"/>: the rest is younger, or comes later.</returns>
    Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel);
}
