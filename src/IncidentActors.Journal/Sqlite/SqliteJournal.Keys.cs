using IncidentActors.Engine.Journals;

namespace IncidentActors.Journal.Sqlite;

/// <summary>By the one writer, between two commits. Rows are numbered as they come, so the lowest numbers are the longest kept.</summary>
public sealed partial class SqliteJournal : IKeyRetention
{
    public Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel) =>
        Write(writer => writer.ForgetAnswers(before, limit), cancel);
}
