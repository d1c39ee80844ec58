using IncidentActors.Engine.Records;

namespace IncidentActors.Storage.Sqlite.Records;

/// <summary>The rows of <see cref="IRecords"/>.</summary>
internal static class RecordTable
{
    private const string Columns = "kind, key, version, document";

    public static StoredRecord? Find(Link link, string kind, string key) =>
        Rows.First(link[$"select {Columns} from records where kind = ? and key = ?"].Bind(1, kind).Bind(2, key), Record);

    public static IReadOnlyList<StoredRecord> List(Link link, string kind, string prefix, string? after, int limit)
    {
        const string Sql =
            $"select {Columns} from records where kind = ?1 and key >= ?2 and key < ?2 || char(1114111) and key > ?3 order by key limit ?4";
        return Rows.All(link[Sql].Bind(1, kind).Bind(2, prefix).Bind(3, after ?? "").Bind(4, limit), Record);
    }

    /// <exception cref="MovedException">A record is at another version; the transaction must not be committed.</exception>
    public static bool Write(Link link, IReadOnlyList<RecordWrite> writes)
    {
        foreach (var write in writes)
        {
            if ((Find(link, write.Kind, write.Key)?.Version ?? 0) != write.ExpectedVersion) throw new MovedException();
        }

        foreach (var write in writes)
        {
            if (write.Document is { } document)
            {
                link["insert into records values (?1, ?2, ?3, ?4) on conflict do update set version = ?3, document = ?4"]
                    .Bind(1, write.Kind).Bind(2, write.Key).Bind(3, write.ExpectedVersion + 1).Bind(4, document).Execute();
            }
            else
            {
                link["delete from records where kind = ? and key = ?"].Bind(1, write.Kind).Bind(2, write.Key).Execute();
            }
        }

        return true;
    }

    private static StoredRecord Record(Statement row) => new(row.Text(0), row.Text(1), row.Number(2), row.Bytes(3));

    /// <summary>Ends the transaction; goes no further than the writer.</summary>
    internal sealed class MovedException : Exception;
}
