using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// Turns a write set into the statements of one round trip, which PostgreSQL runs as one transaction (there is no BEGIN and no
/// COMMIT: the end of the batch commits). See <c>Scripts/002_commit.sql</c>.
/// </summary>
internal static class CommitStatements
{
    /// <returns>The place of the statement that returns the positions, or -1.</returns>
    public static int Fill(NpgsqlBatch batch, WriteSet set, Guid lane, long number, long epoch)
    {
        batch.Add("select enter_commit($1, $2, $3, $4)")
            .Value(NpgsqlDbType.Uuid, lane).Value(NpgsqlDbType.Bigint, number).Value(NpgsqlDbType.Bigint, epoch)
            .Value(NpgsqlDbType.Boolean, set.Halts.Count > 0);
        Guards(batch, set);
        Actors(batch, set);
        var positions = Events(batch, set);
        Archive(batch, set);
        if (set.Answers.Count > 0)
        {
            batch.Add("select add_answers($1, $2, $3, $4)")
                .Texts(set.Answers, static row => row.Answer.Key).Texts(set.Answers, static row => row.Answer.RequestHash)
                .Jsons(set.Answers, static row => row.Answer.Json).Longs(set.Answers, static row => JournalJson.Ticks(row.At));
        }

        Effects(batch, set);
        Claims(batch, set);
        Messages(batch, set);
        foreach (var halt in set.Halts)
        {
            batch.Add("select write_halt($1, $2, $3, $4)")
                .Value(NpgsqlDbType.Text, halt.Id).Value(NpgsqlDbType.Bigint, JournalJson.Ticks(halt.RaisedAt))
                .Value(NpgsqlDbType.Bigint, halt.LiftedAt is { } lifted ? JournalJson.Ticks(lifted) : DBNull.Value)
                .Value(NpgsqlDbType.Json, JournalJson.Of(halt));
        }

        return positions;
    }

    private static void Guards(NpgsqlBatch batch, WriteSet set)
    {
        if (set.Guards.Count == 0) return;
        var present = set.Guards.Where(static guard => guard.Version > 0)
            .Concat(set.Actors.Where(static actor => actor.Expected > 0).Select(static actor => (actor.Id, Version: actor.Expected)))
            .DistinctBy(static row => row.Id)
            .OrderBy(static row => row.Id, StringComparer.Ordinal).ToList();
        var absent = set.Guards.Where(static guard => guard.Version == 0).Select(static guard => guard.Id)
            .Concat(set.Actors.Where(static actor => actor.Expected == 0).Select(static actor => actor.Id))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        batch.Add("select guard_actors($1, $2, $3)")
            .Texts(present, static row => row.Id).Longs(present, static row => row.Version).Texts(absent, static id => id);
    }

    private static void Actors(NpgsqlBatch batch, WriteSet set)
    {
        var changed = set.Actors.Where(static row => row.Expected > 0).OrderBy(static row => row.Id, StringComparer.Ordinal).ToList();
        if (changed.Count > 0)
        {
            batch.Add("select change_actors($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                .Texts(changed, static row => row.Id).Longs(changed, static row => row.Expected).Longs(changed, static row => row.Version)
                .Index(changed);
        }

        var added = set.Actors.Where(static row => row.Expected == 0).ToList();
        if (added.Count > 0)
        {
            batch.Add("select add_actors($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                .Texts(added, static row => row.Id).Texts(added, static row => ActorId.KindName(row.Append.Actor.Kind))
                .Longs(added, static row => row.Version)
                .Index(added);
        }
    }

    private static void Index(this NpgsqlBatchCommand command, List<WriteSet.Actor> rows) => command
        .Texts(rows, static row => row.Append.Index.Status).Bools(rows, static row => row.Append.Index.Open)
        .Ints(rows, static row => row.Append.Index.Rank).Texts(rows, static row => row.Append.Index.Incident)
        .Texts(rows, static row => row.Append.Index.Owner).Texts(rows, static row => row.Append.Index.Flow)
        .Jsons(rows, static row => row.Append.Document);

    private static int Events(NpgsqlBatch batch, WriteSet set)
    {
        var rows = set.Events;
        if (rows.Count == 0) return -1;
        batch.Add("select add_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .Texts(rows, static row => row.Actor).Longs(rows, static row => row.Version).Texts(rows, static row => row.Record.Name)
            .Longs(rows, static row => JournalJson.Ticks(row.Turn.At)).Texts(rows, static row => row.Turn.By)
            .Jsons(rows, static row => row.Record.Payload).Texts(rows, static row => row.Append.Timeline)
            .Texts(rows, static row => row.Turn.Consumes?.EffectId).Texts(rows, static row => row.Turn.Token)
            .Texts(rows, static row => row.Turn.Trace);
        return batch.BatchCommands.Count - 1;
    }

    private static void Archive(NpgsqlBatch batch, WriteSet set)
    {
        if (set.Archived.Count > 0)
        {
            batch.Add("delete from events e using unnest($1, $2) as n (id, version) where e.actor = n.id and e.version <= n.version")
                .Texts(set.Archived, static row => row.Id).Longs(set.Archived, static row => row.Version);
            batch.Add("delete from messages where id = any ($1)").Texts(set.ArchivedMessages, static id => id);
        }

        if (set.Restored.Count == 0) return;
        batch.Add(
            "insert into events (tx, position, actor, version, name, at, by, payload, incident, cause, token, trace) "
            + "select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
            .Longs(set.Restored, static one => FeedCursor.Parse(one.Cursor).Transaction)
            .Longs(set.Restored, static one => FeedCursor.Parse(one.Cursor).Position)
            .Texts(set.Restored, static one => one.Actor.ToString()).Longs(set.Restored, static one => one.Version)
            .Texts(set.Restored, static one => one.Name).Longs(set.Restored, static one => JournalJson.Ticks(one.At))
            .Texts(set.Restored, static one => one.By).Jsons(set.Restored, static one => one.Payload)
            .Texts(set.Restored, static one => one.Incident).Texts(set.Restored, static one => one.Cause)
            .Texts(set.Restored, static one => one.Token).Texts(set.Restored, static one => one.Trace);
    }

    private static void Effects(NpgsqlBatch batch, WriteSet set)
    {
        if (set.Canceled.Count > 0 || set.Effects.Exists(static effect => effect.Clock))
        {
            var touched = set.Consumed.Select(static row => row.EffectId).Concat(set.Canceled)
                .Concat(set.Effects.Where(static effect => effect.Clock).Select(static effect => effect.Id))
                .Distinct().Order(StringComparer.Ordinal).ToList();
            batch.Add("select lock_effects($1)").Texts(touched, static id => id);
        }

        if (set.Consumed.Count > 0)
        {
            batch.Add("select consume_effects($1, $2)")
                .Texts(set.Consumed, static row => row.EffectId).Texts(set.Consumed, static row => row.LeaseToken);
        }

        if (set.Canceled.Count > 0) batch.Add("select cancel_effects($1)").Texts(set.Canceled, static id => id);
        if (set.Effects.Count == 0) return;
        batch.Add("select write_effects($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .Texts(set.Effects, static row => row.Id).Texts(set.Effects, static row => row.Target.ToString())
            .Jsons(set.Effects, static row => row.Command).Longs(set.Effects, static row => JournalJson.Ticks(row.Due))
            .Longs(set.Effects, static row => JournalJson.Ticks(row.Counted))
            .JsonsOrNulls(set.Effects, static row => row.Subject is { } subject ? JournalJson.Of(subject) : null)
            .Bools(set.Effects, static row => row.Clock).Texts(set.Effects, static row => row.LeaseToken)
            .Longs(set.Effects, JournalJson.Ready).Ints(set.Effects, static row => row.LeaseToken is null ? 0 : 1);
    }

    private static void Claims(NpgsqlBatch batch, WriteSet set)
    {
        if (set.Releases.Count > 0)
        {
            batch.Add("select release_claims($1, $2)")
                .Texts(set.Releases, static row => row.Name).Texts(set.Releases, static row => row.Holder.ToString());
        }

        if (set.Claims.Count > 0)
        {
            batch.Add("select take_claims($1, $2)")
                .Texts(set.Claims, static row => row.Name).Texts(set.Claims, static row => row.Holder.ToString());
        }
    }

    private static void Messages(NpgsqlBatch batch, WriteSet set)
    {
        if (set.Messages.Count > 0)
        {
            batch.Add("select add_messages($1, $2, $3, $4, $5)")
                .Texts(set.Messages, static row => row.Id).Texts(set.Messages, static row => row.To)
                .Ints(set.Messages, static row => (int)row.Priority).Longs(set.Messages, static row => JournalJson.Ticks(row.SentAt))
                .JsonsOrNulls(set.Messages, static row => JournalJson.Of(row));
        }

        if (set.Acks.Count == 0) return;
        batch.Add("select acknowledge_messages($1, $2, $3, $4)")
            .Texts(set.Acks, static row => row.MessageId).Longs(set.Acks, static row => JournalJson.Ticks(row.At))
            .Texts(set.Acks, static row => row.By).JsonsOrNulls(set.Acks, static row => JournalJson.OfText(row.Notes));
    }
}
