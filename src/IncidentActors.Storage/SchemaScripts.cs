using System.Data.Common;
using System.Globalization;
using System.Reflection;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage;

/// <summary>
/// The numbered SQL files of one part of a database, and the table that records which of them the database has. The one migration
/// runner of every database; why it is not a library: docs/decisions/0013.
/// </summary>
/// <param name="Folder">Prefix of the resources: <c>IncidentActors.Storage.Sqlite.Scripts.</c>.</param>
/// <param name="Table">Columns: number, script, applied_at.</param>
public sealed record SchemaScripts(Assembly Assembly, string Folder, string Table)
{
    internal static SchemaScripts Of(string folder, string table) =>
        new(typeof(SchemaScripts).Assembly, $"{typeof(SchemaScripts).Namespace}.{folder}.Scripts.", table);

    /// <summary>Runs the scripts that the database does not have yet.</summary>
    /// <param name="connection">In a transaction that excludes other migrations of the same database.</param>
    /// <exception cref="JournalSchemaException">The schema is newer than this program. Roll back: then nothing was changed.</exception>
    public async Task ApplyAsync(DbConnection connection, CancellationToken cancel)
    {
        await RunAsync($"create table if not exists {Table} (number bigint primary key, script text not null, applied_at timestamptz not null)");
        var found = Convert.ToInt64(await RunAsync($"select coalesce(max(number), 0) from {Table}"), CultureInfo.InvariantCulture);
        var all = Read();
        if (found > all[^1].Number)
        {
            throw new JournalSchemaException(
                $"The schema of the journal's database has version {found} ({Table}); this program knows versions up to {all[^1].Number}. "
                + "Use the program that wrote it, or a newer one. Nothing was changed.");
        }

        foreach (var script in all.Where(script => script.Number > found))
        {
            await RunAsync(script.Sql);
            await RunAsync(string.Create(
                CultureInfo.InvariantCulture, $"insert into {Table} values ({script.Number}, '{script.Name}', '{DateTimeOffset.UtcNow:O}')"));
        }

        async Task<object?> RunAsync(string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteScalarAsync(cancel);
        }
    }

    private IReadOnlyList<Script> Read()
    {
        var scripts = new List<Script>();
        foreach (var resource in Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(Assembly.GetManifestResourceStream(resource)!);
            var name = resource[Folder.Length..];
            scripts.Add(new Script(int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }

        return [.. scripts.OrderBy(script => script.Number)];
    }

    private sealed record Script(int Number, string Name, string Sql);
}
