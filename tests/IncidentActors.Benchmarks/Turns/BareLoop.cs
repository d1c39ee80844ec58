using System.Diagnostics;
using System.Text;
using IncidentActors.Engine.Journals;
using IncidentActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Benchmarks.Turns;

/// <summary>The bar: the same event and document rows, written into the same schema with the same durability, with no check and no decision.</summary>
internal static class BareLoop
{
    /// <summary>Turns a second.</summary>
    public static async Task<double> RunAsync(string path, IEnumerable<IReadOnlyList<TurnRecord>> batches)
    {
        await using (var schema = new SqliteStore(path)) await schema.OpenAsync(CancellationToken.None);
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run(connection, "pragma journal_mode=wal");
        Run(connection, "pragma synchronous=full");
        await using var document = Command(
            connection,
            "insert into actors (kind, key, version, status, open, rank, incident, owner, flow, document) values ($kind, $key, "
            + "$version, $status, 1, $rank, $incident, $owner, $flow, $document) "
            + "on conflict (kind, key) do update set version = excluded.version, document = excluded.document",
            "$kind", "$key", "$version", "$status", "$rank", "$incident", "$owner", "$flow", "$document");
        await using var one = Command(
            connection,
            "insert into events (actor, version, name, at, by, payload, incident) values ((select no from actors where kind = $kind and "
            + "key = $key), $version, $name, $at, $by, $payload, $incident)",
            "$kind", "$key", "$version", "$name", "$at", "$by", "$payload", "$incident");
        var watch = Stopwatch.StartNew();
        var turns = 0;
        foreach (var batch in batches)
        {
            await using var transaction = connection.BeginTransaction();
            document.Transaction = transaction;
            one.Transaction = transaction;
            foreach (var turn in batch)
            {
                turns++;
                foreach (var append in turn.Appends) Write(document, one, turn, append);
            }

            transaction.Commit();
        }

        return turns / watch.Elapsed.TotalSeconds;
    }

    private static void Write(SqliteCommand document, SqliteCommand one, TurnRecord turn, Append append)
    {
        var kind = append.Actor.Kind.ToString();
        Set(
            document, kind, append.Actor.Key, append.ExpectedVersion + append.Events.Length, append.Index.Status, append.Index.Rank,
            append.Index.Incident, append.Index.Owner, append.Index.Flow, Encoding.UTF8.GetString(append.Document.Span));
        var version = append.ExpectedVersion;
        foreach (var written in append.Events)
        {
            Set(
                one, kind, append.Actor.Key, ++version, written.Name, turn.At.UtcTicks, turn.By,
                Encoding.UTF8.GetString(written.Payload.Span), append.Timeline);
        }
    }

    private static void Set(SqliteCommand command, params object?[] values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params string[] names)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names) command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
