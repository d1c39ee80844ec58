using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>Reads rows; each method names the order of its columns.</summary>
internal static class Rows
{
    public const string ActorColumns = "id, version, document, status, open, rank, incident, owner, flow, born";

    public const string EventColumns = "tx, position, actor, version, name, at, by, payload, incident, cause, token, trace";

    public const string EffectColumns = "id, target, command, due, counted, subject, clock, lease_token, attempts";

    public const string MessageColumns = "document, acked_at, acked_by, ack_notes";

    public static StoredActor Actor(NpgsqlDataReader row) => new(
        ActorId.Parse(row.GetString(0)), row.GetInt64(1), row.GetFieldValue<byte[]>(2),
        new DocumentIndex(row.GetString(3), row.GetBoolean(4), row.GetInt32(5), Text(row, 6), Text(row, 7), Text(row, 8)));

    public static StoredEvent Event(NpgsqlDataReader row)
    {
        var cursor = new FeedCursor(row.GetInt64(0), row.GetInt64(1));
        return new StoredEvent(
            cursor.ToString(), cursor.Position, ActorId.Parse(row.GetString(2)), row.GetInt64(3), row.GetString(4),
            JournalJson.Time(row.GetInt64(5)), row.GetString(6), row.GetFieldValue<byte[]>(7), Text(row, 8), Text(row, 9), Text(row, 10),
            Text(row, 11));
    }

    public static DueEffect Effect(NpgsqlDataReader row) => new(
        row.GetString(0), ActorId.Parse(row.GetString(1)), row.GetFieldValue<byte[]>(2), JournalJson.Time(row.GetInt64(3)),
        JournalJson.Time(row.GetInt64(4)), row.IsDBNull(5) ? null : JournalJson.Subject(row.GetFieldValue<byte[]>(5)), row.GetBoolean(6),
        Text(row, 7) ?? "", row.GetInt32(8));

    public static StoredMessage Message(NpgsqlDataReader row) => new(
        JournalJson.Message(row.GetFieldValue<byte[]>(0)), row.IsDBNull(1) ? null : JournalJson.Time(row.GetInt64(1)), Text(row, 2),
        row.IsDBNull(3) ? null : JournalJson.Text(row.GetFieldValue<byte[]>(3)));

    public static async Task<List<T>> AllAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(cancel)) all.Add(read(rows));
        return all;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
