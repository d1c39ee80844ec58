using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Messages;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Storage.Sqlite;

/// <summary>
/// The database of the <c>governance</c> tools (SQLite: the tables ATPs, Messages, Artifacts and TimelineEvents) as the lines of JSON that
/// <c>incident import</c> reads. The file is only read.
/// </summary>
public static class WorkDatabase
{
    private static readonly string[] Done = ["success", "completed", "complete", "done", "closed"];

    /// <summary>The file is a SQLite database.</summary>
    public static bool Is(string path)
    {
        using var file = File.OpenRead(path);
        var begin = new byte[15];
        return file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length && begin.AsSpan().SequenceEqual("SQLite format 3"u8);
    }

    /// <exception cref="InvalidOperationException">It has no table ATPs, or cannot be read.</exception>
    public static IEnumerable<string> Lines(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var source = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        using var database = new SqliteConnection(source.ToString());
        database.Open();
        if (!Has(database, "ATPs")) throw new InvalidOperationException($"{path} has no table ATPs: it is not a database of the governance tools.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var row in Rows(database, "ATPs")) yield return Atp(row).ToJsonString();
        foreach (var row in Rows(database, "Messages")) yield return Message(row).ToJsonString();
        foreach (var row in Rows(database, "Artifacts")) yield return Artifact(row, folder).ToJsonString();
        foreach (var row in Rows(database, "TimelineEvents").Where(row => Text(row, "event_type") != "message_sent"))
        {
            if (Event(row) is { } line) yield return line.ToJsonString();
        }
    }

    /// <summary>The row's columns, and the fields of its metadata.</summary>
    private static JsonObject Atp(Dictionary<string, object> row)
    {
        var metadata = Json(row, "metadata") as JsonObject ?? [];
        var line = new JsonObject();
        foreach (var (name, value) in metadata) line[name] = value?.DeepClone();
        var status = StatusOf(Text(row, "status"), Text(row, "stage"));
        line["kind"] = "atp";
        line["id"] = Text(row, "atp_id");
        line["title"] = Text(row, "title");
        line["status"] = status;
        line["createdAt"] = Text(row, "created_at");
        line["updatedAt"] = Text(row, "updated_at");
        if (Text(row, "agent_id") is { } agent) line["owner"] = agent;
        line["description"] = Text(row, "description");
        line["stage"] = Text(row, "stage");
        line["uowId"] = Text(row, "uow_id");
        line["dependencies"] = Json(row, "dependencies");
        line.Remove("priority");
        return line;
    }

    /// <summary>A message begins with its head: <c>From:</c>, <c>To:</c>, <c>Subject:</c>, … Without it, it is what an agent wrote while it worked.</summary>
    private static JsonObject Message(Dictionary<string, object> row)
    {
        var text = Body(row);
        var head = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n').Take(12).Select(line => line.Trim()))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon is > 0 and < 16) head.TryAdd(line[..colon].Trim('*', ' '), line[(colon + 1)..].Trim('*', ' '));
        }

        var agent = Text(row, "agent_id") ?? head.GetValueOrDefault("From") ?? "@system";
        var id = Text(row, "atp_id");
        var at = Text(row, "created_at");
        var subject = head.GetValueOrDefault("Subject") ?? Shortened.Within(text.TrimStart('#', ' ').Split('\n')[0], 120);
        if (head.GetValueOrDefault("To")?.Split(' ')[0] is not ['@', _, ..] to)
        {
            return new JsonObject
            {
                ["kind"] = "artifact", ["atpId"] = id, ["type"] = "Log", ["title"] = subject, ["content"] = text, ["by"] = agent, ["at"] = at,
            };
        }

        var from = head.GetValueOrDefault("From")?.Split(' ')[0] is ['@', _, ..] named ? named : agent;
        return new JsonObject
        {
            ["kind"] = "message",
            ["atpId"] = id,
            ["from"] = from,
            ["to"] = to,
            ["type"] = head.GetValueOrDefault("Type") ?? TypeOf(subject, to),
            ["priority"] = head.GetValueOrDefault("Priority"),
            ["subject"] = subject,
            ["body"] = text,
            ["at"] = at,
            ["ackedAt"] = Text(row, "executed_at"),
        };
    }

    /// <summary>The type by the word that the subject begins with: <c>Handoff: …</c>, <c>ACK: …</c>.</summary>
    private static string TypeOf(string subject, string to)
    {
        var word = new string([.. subject.SkipWhile(letter => !char.IsLetter(letter)).TakeWhile(letter => char.IsLetter(letter) || letter == ' ')]);
        return MessageTypes.TryParse(word, out var type) ? type.ToString() : to == "@operator" ? "HITLNotification" : "StatusUpdate";
    }

    private static JsonObject Artifact(Dictionary<string, object> row, string folder) => new()
    {
        ["kind"] = "artifact",
        ["atpId"] = Text(row, "atp_id"),
        ["type"] = Text(row, "artifact_type"),
        ["title"] = Text(row, "title"),
        ["content"] = Text(row, "content") ?? Content(Text(row, "location_pointer"), folder),
        ["at"] = Text(row, "created_at"),
    };

    /// <summary>The file that the artifact points to, beside the database's folder or in it; else where it was.</summary>
    private static string Content(string? pointer, string folder)
    {
        if (pointer is null) return "";
        string[] roots = [folder, Path.GetDirectoryName(folder) ?? folder];
        var found = roots.Select(root => (Root: root, File: Path.GetFullPath(Path.Combine(root, pointer))))
            .FirstOrDefault(one => one.File.StartsWith(one.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(one.File)).File;
        return found is null ? $"It was kept in {pointer}." : File.ReadAllText(found);
    }

    private static JsonObject? Event(Dictionary<string, object> row)
    {
        var details = Json(row, "details") as JsonObject;
        return (string?)details?["newStatus"] is not { } status ? null : new JsonObject
        {
            ["kind"] = "event",
            ["atpId"] = Text(row, "atp_id"),
            ["status"] = StatusOf(status, (string?)details["stage"]),
            ["by"] = Text(row, "agent"),
            ["at"] = Text(row, "timestamp"),
        };
    }

    /// <summary>Maps a status of the governance tools: done is Complete, or Closed in the stage <c>done</c>; running is InProgress.</summary>
    private static string? StatusOf(string? status, string? stage) => status?.ToLowerInvariant() switch
    {
        null => null,
        var word when Done.Contains(word) => stage == "done" ? "Closed" : "Complete",
        "running" => "InProgress",
        _ => status,
    };

    private static string Body(Dictionary<string, object> row) => Json(row, "content_blocks") is JsonArray blocks
        ? string.Join("\n\n", blocks.OfType<JsonObject>().Select(block => (string?)(block["content"] ?? block["text"])).OfType<string>())
        : Text(row, "content_blocks") ?? "";

    private static JsonNode? Json(Dictionary<string, object> row, string column)
    {
        try
        {
            return Text(row, column) is { } text ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(Dictionary<string, object> row, string column) =>
        row.TryGetValue(column, out var value) && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    private static IEnumerable<Dictionary<string, object>> Rows(SqliteConnection database, string table)
    {
        if (!Has(database, table)) yield break;
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // The names of the tables are literals.
        command.CommandText = $"select * from \"{table}\" order by rowid";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return Enumerable.Range(0, reader.FieldCount).Where(column => !reader.IsDBNull(column))
                .ToDictionary(reader.GetName, reader.GetValue, StringComparer.OrdinalIgnoreCase);
        }
    }

    private static bool Has(SqliteConnection database, string table)
    {
        using var command = database.CreateCommand();
        command.CommandText = "select 1 from sqlite_master where type = 'table' and name = $name";
        command.Parameters.AddWithValue("$name", table);
        return command.ExecuteScalar() is not null;
    }
}
