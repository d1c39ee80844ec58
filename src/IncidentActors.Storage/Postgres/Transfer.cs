using System.Runtime.CompilerServices;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>Reads and writes a whole journal line by line, inside the connection's transaction.</summary>
internal static class Transfer
{
    public static async IAsyncEnumerable<JournalLine> LinesAsync(
        NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new HeaderLine(HeaderLine.Current);
        await foreach (var line in StreamAsync(connection, $"select {Rows.ActorColumns} from actors order by born", Actor, cancel))
            yield return line;
        await foreach (var line in StreamAsync(connection, $"select {Rows.EventColumns} from events order by tx, position", Event, cancel))
            yield return line;
        await foreach (var line in StreamAsync(connection, "select key, request_hash, at, json from answers order by key", Answer, cancel))
            yield return line;
        await foreach (var line in StreamAsync(connection, $"select {Rows.EffectColumns} from effects order by no", Effect, cancel))
            yield return line;
        await foreach (var line in StreamAsync(connection, "select name, holder from claims order by name", Claim, cancel))
            yield return line;
        await foreach (var line in StreamAsync(connection, $"select {Rows.MessageColumns} from messages order by no", Message, cancel))
            yield return line;
        await foreach (var line in StreamAsync(connection, "select document, lifted_at from halts order by no", Halt, cancel)) yield return line;
    }

    public static void Write(NpgsqlBatch batch, JournalLine line)
    {
        switch (line)
        {
            case ActorLine actor:
                batch.Add(AddActor)
                    .Text(actor.Actor.ToString()).Text(ActorId.KindName(actor.Actor.Kind)).Long(actor.Version).Text(actor.Index.Status)
                    .Value(NpgsqlDbType.Boolean, actor.Index.Open).Value(NpgsqlDbType.Integer, actor.Index.Rank).Text(actor.Index.Incident)
                    .Text(actor.Index.Owner).Text(actor.Index.Flow).Json(actor.Document);
                break;
            case EventLine one:
                batch.Add(AddEvent)
                    .Text(one.Actor.ToString()).Long(one.Version).Text(one.Name).Long(JournalJson.Ticks(one.At)).Text(one.By).Json(one.Payload)
                    .Text(one.Incident).Text(one.Cause).Text(one.Token).Text(one.Trace);
                break;
            case AnswerLine answer:
                batch.Add("insert into answers (key, request_hash, at, json) values ($1, $2, $3, $4)")
                    .Text(answer.Key).Text(answer.RequestHash).Long(JournalJson.Ticks(answer.At)).Json(answer.Json);
                break;
            case EffectLine effect:
                batch.Add(AddEffect)
                    .Text(effect.Id).Text(effect.Target.ToString()).Json(effect.Command).Long(JournalJson.Ticks(effect.Due))
                    .Long(JournalJson.Ticks(effect.Counted))
                    .Value(NpgsqlDbType.Json, effect.Subject is { } subject ? JournalJson.Of(subject) : null)
                    .Value(NpgsqlDbType.Boolean, effect.Clock).Value(NpgsqlDbType.Integer, effect.Attempts);
                break;
            case ClaimLine claim:
                batch.Add("insert into claims values ($1, $2)").Text(claim.Name).Text(claim.Holder.ToString());
                break;
            case MessageLine { Message: var message } acked:
                batch.Add(AddMessage)
                    .Text(message.Id).Text(message.To).Value(NpgsqlDbType.Integer, (int)message.Priority).Long(JournalJson.Ticks(message.SentAt))
                    .Json(JournalJson.Of(message)).Long(acked.AckedAt is { } at ? JournalJson.Ticks(at) : null).Text(acked.AckedBy)
                    .Value(NpgsqlDbType.Json, JournalJson.OfText(acked.AckNotes));
                break;
            case HaltLine { Halt: var halt }:
                batch.Add("select write_halt($1, $2, $3, $4)")
                    .Text(halt.Id).Long(JournalJson.Ticks(halt.RaisedAt)).Long(halt.LiftedAt is { } lifted ? JournalJson.Ticks(lifted) : null)
                    .Json(JournalJson.Of(halt));
                break;
        }
    }

    private const string AddActor =
        """
        insert into actors (id, kind, version, status, open, rank, incident, owner, flow, document)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string AddEffect =
        """
        insert into effects (id, target, command, due, counted, subject, clock, ready, attempts)
        values ($1, $2, $3, $4, $5, $6, $7, $4, $8)
        """;

    private const string AddMessage =
        """
        insert into messages (id, recipient, priority, sent_at, document, acked_at, acked_by, ack_notes)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    // The transaction's id is the same for all of them, so their positions are their order.
    private const string AddEvent =
        """
        insert into events (position, tx, actor, version, name, at, by, payload, incident, cause, token, trace)
        select nextval('positions'), era + pg_current_xact_id()::text::bigint, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from fence
        """;

    private static JournalLine Actor(NpgsqlDataReader row)
    {
        var actor = Rows.Actor(row);
        return new ActorLine(actor.Actor, actor.Version, actor.Index, actor.Document);
    }

    private static JournalLine Event(NpgsqlDataReader row)
    {
        var one = Rows.Event(row);
        return new EventLine(one.Actor, one.Version, one.Name, one.At, one.By, one.Payload, one.Incident, one.Cause, one.Token, one.Trace);
    }

    private static JournalLine Answer(NpgsqlDataReader row) =>
        new AnswerLine(row.GetString(0), row.GetString(1), JournalJson.Time(row.GetInt64(2)), row.GetFieldValue<byte[]>(3));

    private static JournalLine Effect(NpgsqlDataReader row)
    {
        var effect = Rows.Effect(row);
        return new EffectLine(
            effect.Id, effect.Target, effect.Command, effect.Due, effect.Counted, effect.Subject, effect.Clock, effect.Attempts);
    }

    private static JournalLine Claim(NpgsqlDataReader row) => new ClaimLine(row.GetString(0), ActorId.Parse(row.GetString(1)));

    private static JournalLine Message(NpgsqlDataReader row)
    {
        var stored = Rows.Message(row);
        return new MessageLine(stored.Message, stored.AckedAt, stored.AckedBy, stored.AckNotes);
    }

    private static JournalLine Halt(NpgsqlDataReader row) =>
        new HaltLine(JournalJson.Halt(row.GetFieldValue<byte[]>(0), row.IsDBNull(1) ? null : row.GetInt64(1)));

    private static async IAsyncEnumerable<JournalLine> StreamAsync(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, JournalLine> read,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) yield return read(rows);
    }
}
