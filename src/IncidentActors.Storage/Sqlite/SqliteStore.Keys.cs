namespace IncidentActors.Storage.Sqlite;

/// <summary>By the one writer, between two commits. Rows are numbered as they come, so the lowest numbers are the longest kept.</summary>
public sealed partial class SqliteStore
{
    public Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel) =>
        Write(writer => writer.ForgetAnswers(before, limit), cancel);
}
