using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

public sealed partial class SqliteStore
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

    public Task<IReadOnlyList<string>> StrayColumnsAsync(CancellationToken cancel) => Task.FromResult(Read<IReadOnlyList<string>>(static link =>
    [
        .. Rows.All(
            link["select id, recipient, priority, sent_at, document from messages"],
            static row => JournalJson.Stray(row.Text(0), row.Text(1), (int)row.Number(2), row.Number(3), row.Utf8(4))).OfType<string>(),
        .. Rows.All(
            link["select id, raised_at, lifted_at, document from halts"],
            static row => JournalJson.Stray(row.Text(0), row.Number(1), row.IsNull(2) ? null : row.Number(2), row.Utf8(3))).OfType<string>(),
        .. Rows.All(
            link["select kind || '/' || key from actors where open not in (0, 1)"], static row => $"{row.Text(0)} is neither open nor finished"),
    ]));

    /// <summary>Holds the writer's thread until the last line, so that nothing comes between.</summary>
    public Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel) => Write(
        writer =>
        {
            writer.ImportAsync(lines, cancel).GetAwaiter().GetResult();
            return true;
        },
        cancel);
}
