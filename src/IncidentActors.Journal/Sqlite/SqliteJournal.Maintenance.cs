using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Journal.Sqlite;

public sealed partial class SqliteJournal : IJournalMaintenance
{
    public async IAsyncEnumerable<JournalLine> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        _ = Opened;
        using var link = Guarded(() => new Link(path, readOnly: true));
        Guarded(() => link["begin"].Execute());
        using var lines = Transfer.Lines(link).GetEnumerator();
        while (Guarded(lines.MoveNext))
        {
            cancel.ThrowIfCancellationRequested();
            yield return lines.Current;
        }

        await Task.CompletedTask;
    }

    public async Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            await Opened.ImportAsync(lines, cancel);
        }
        catch (Microsoft.Data.Sqlite.SqliteException error)
        {
            throw Fault(error);
        }
        finally
        {
            writing.Release();
        }
    }
}
