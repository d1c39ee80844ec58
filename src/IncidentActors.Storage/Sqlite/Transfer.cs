using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Reads and writes a whole journal line by line, inside the running transaction.</summary>
internal static class Transfer
{
    public static IEnumerable<JournalLine> Lines(Link link)
    {
        yield return new HeaderLine(HeaderLine.Current);
        foreach (var actor in Stream(link, $"select {Rows.ActorColumns} from actors order by no", Rows.Actor))
            yield return new ActorLine(actor.Actor, actor.Version, actor.Index, actor.Document);
        foreach (var one in Stream(
            link, $"select {Rows.EventColumns} from events e join actors a on a.no = e.actor order by e.position", Rows.Event))
        {
            yield return new EventLine(
                one.Actor, one.Version, one.Name, one.At, one.By, one.Payload, one.Incident, one.Cause, one.Token, one.Trace);
        }

        foreach (var line in Stream(
            link, "select key, request_hash, at, json from answers order by key",
            static row => new AnswerLine(row.Text(0), row.Text(1), JournalJson.Time(row.Number(2)), row.Bytes(3))))
            yield return line;
        foreach (var effect in Stream(link, $"select {Rows.EffectColumns} from effects order by no", Rows.Effect))
        {
            yield return new EffectLine(
                effect.Id, effect.Target, effect.Command, effect.Due, effect.Counted, effect.Subject, effect.Clock, effect.Attempts);
        }

        foreach (var line in Stream(
            link, "select name, holder from claims order by name", static row => new ClaimLine(row.Text(0), ActorId.Parse(row.Text(1)))))
            yield return line;
        foreach (var stored in Stream(link, $"select {Rows.MessageColumns} from messages order by no", Rows.Message))
            yield return new MessageLine(stored.Message, stored.AckedAt, stored.AckedBy, stored.AckNotes);
        foreach (var line in Stream(
            link, "select document, lifted_at from halts order by no",
            static row => new HaltLine(JournalJson.Halt(row.Utf8(0), row.IsNull(1) ? null : row.Number(1)))))
            yield return line;
    }

    public static void Write(Link link, JournalLine line)
    {
        switch (line)
        {
            case ActorLine actor:
                var index = actor.Index;
                link[AddActor]
                    .Bind(1, ActorId.KindName(actor.Actor.Kind)).Bind(2, actor.Actor.Key).Bind(3, actor.Version)
                    .Bind(4, index.Status).Bind(5, index.Open).Bind(6, index.Rank).Bind(7, index.Incident).Bind(8, index.Owner)
                    .Bind(9, index.Flow).Bind(10, actor.Document)
                    .Execute();
                break;
            case EventLine one:
                link[AddEvent]
                    .Bind(1, ActorId.KindName(one.Actor.Kind)).Bind(2, one.Actor.Key).Bind(3, one.Version).Bind(4, one.Name)
                    .Bind(5, JournalJson.Ticks(one.At)).Bind(6, one.By).Bind(7, one.Payload).Bind(8, one.Incident).Bind(9, one.Cause)
                    .Bind(10, one.Token).Bind(11, one.Trace)
                    .Execute();
                break;
            case AnswerLine answer:
                link["insert into answers (key, request_hash, at, json) values (?, ?, ?, ?)"]
                    .Bind(1, answer.Key).Bind(2, answer.RequestHash).Bind(3, JournalJson.Ticks(answer.At)).Bind(4, answer.Json).Execute();
                break;
            case EffectLine effect:
                link[AddEffect]
                    .Bind(1, effect.Id).Bind(2, effect.Target.ToString()).Bind(3, effect.Command).Bind(4, JournalJson.Ticks(effect.Due))
                    .Bind(5, JournalJson.Ticks(effect.Counted)).BindJson(6, effect.Subject is { } subject ? JournalJson.Of(subject) : null)
                    .Bind(7, effect.Clock).Bind(8, effect.Attempts)
                    .Execute();
                break;
            case ClaimLine claim:
                link["insert into claims values (?, ?)"].Bind(1, claim.Name).Bind(2, claim.Holder.ToString()).Execute();
                break;
            case MessageLine message:
                link[AddMessage]
                    .Bind(1, message.Message.Id).Bind(2, message.Message.To).Bind(3, (int)message.Message.Priority)
                    .Bind(4, JournalJson.Ticks(message.Message.SentAt)).Bind(5, JournalJson.Of(message.Message))
                    .Bind(6, message.AckedAt is { } acked ? JournalJson.Ticks(acked) : (long?)null).Bind(7, message.AckedBy)
                    .Bind(8, message.AckNotes)
                    .Execute();
                break;
        }
    }

    private const string AddActor =
        """
        insert into actors (kind, key, version, status, open, rank, incident, owner, flow, document)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string AddEffect =
        """
        insert into effects (id, target, command, due, counted, subject, clock, ready, attempts)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4, ?8)
        """;

    private const string AddMessage =
        """
        insert into messages (id, recipient, priority, sent_at, document, acked_at, acked_by, ack_notes)
        values (?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string AddEvent =
        """
        insert into events (actor, version, name, at, by, payload, incident, cause, token, trace)
        values ((select no from actors where kind = ?1 and key = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    private static IEnumerable<T> Stream<T>(Link link, string sql, Func<Statement, T> read)
    {
        var rows = link[sql];
        try
        {
            while (rows.Step()) yield return read(rows);
        }
        finally
        {
            rows.Reset();
        }
    }
}
