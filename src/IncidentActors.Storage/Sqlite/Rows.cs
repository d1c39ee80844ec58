using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Reads rows; each method names the order of its columns.</summary>
internal static class Rows
{
    public const string ActorColumns = "kind, key, version, document, status, open, rank, incident, owner, flow, no";

    public const string EventColumns =
        "e.position, a.kind, a.key, e.version, e.name, e.at, e.by, e.payload, e.incident, e.cause, e.token, e.trace";

    public const string EffectColumns = "id, target, command, due, counted, subject, clock, lease_token, attempts";

    public const string MessageColumns = "document, acked_at, acked_by, ack_notes";

    public static StoredActor Actor(Statement row) => new(
        Id(row, 0), row.Number(2), row.Bytes(3),
        new DocumentIndex(
            row.Text(4), row.Number(5) != 0, (int)row.Number(6), row.TextOrNull(7), row.TextOrNull(8), row.TextOrNull(9)));

    public static StoredEvent Event(Statement row)
    {
        var position = row.Number(0);
        return new StoredEvent(
            new FeedCursor(0, position).ToString(), position, Id(row, 1), row.Number(3), row.Text(4), JournalJson.Time(row.Number(5)),
            row.Text(6), row.Bytes(7), row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10), row.TextOrNull(11));
    }

    public static DueEffect Effect(Statement row) => new(
        row.Text(0), ActorId.Parse(row.Text(1)), row.Bytes(2), JournalJson.Time(row.Number(3)), JournalJson.Time(row.Number(4)),
        row.IsNull(5) ? null : JournalJson.Subject(row.Utf8(5)), row.Number(6) != 0, row.TextOrNull(7) ?? "", (int)row.Number(8));

    public static StoredMessage Message(Statement row) => new(
        JournalJson.Message(row.Utf8(0)), row.IsNull(1) ? null : JournalJson.Time(row.Number(1)), row.TextOrNull(2), row.TextOrNull(3));

    public static IReadOnlyList<HaltRecord> Halts(Statement rows) => All(rows, static row => JournalJson.Halt(row.Utf8(0)));

    public static List<T> All<T>(Statement rows, Func<Statement, T> read)
    {
        var all = new List<T>();
        while (rows.Step()) all.Add(read(rows));
        rows.Reset();
        return all;
    }

    public static T? First<T>(Statement rows, Func<Statement, T> read)
    {
        var first = rows.Step() ? read(rows) : default;
        rows.Reset();
        return first;
    }

    private static ActorId Id(Statement row, int column)
    {
        var kind = row.Utf8(column);
        foreach (var known in Enum.GetValues<ActorKind>())
        {
            if (Ascii.Equals(kind, ActorId.KindName(known))) return new ActorId(known, row.Text(column + 1));
        }

        throw new InvalidDataException($"The journal holds an actor of the unknown kind '{row.Text(column)}'.");
    }
}
