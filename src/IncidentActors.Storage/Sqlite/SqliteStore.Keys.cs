namespace IncidentActors.Storage.Sqlite;

/// <summary>Deletes old idempotency keys, by the single writer between two commits. The lowest row numbers are the oldest.</summary>
public sealed partial class SqliteStore
{
    public Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel) =>
        Write(writer => writer.ForgetAnswers(before, limit), cancel);
}
