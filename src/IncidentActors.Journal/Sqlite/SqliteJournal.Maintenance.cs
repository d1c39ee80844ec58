using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Journal.Sqlite;

public sealed partial class SqliteJournal : IJournalMaintenance
{
    public async IAsyncEnumerable<JournalLine> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        _ = Opened;
        using var link = Guarded(() => new Link(path, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly));
        Guarded(() => link["begin"].Execute());
        using var lines = Transfer.Lines(link).GetEnumerator();
        while (Guarded(lines.MoveNext))
        {
            cancel.ThrowIfCancellationRequested();
            yield return lines.Current;
        }

        await Task.CompletedTask;
    }

    /// <summary>Holds the writer's thread until the last line, so that nothing comes between.</summary>
    public Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel) => Write(
        writer =>
        {
            writer.ImportAsync(lines, cancel).GetAwaiter().GetResult();
            return true;
        },
        cancel);
}
