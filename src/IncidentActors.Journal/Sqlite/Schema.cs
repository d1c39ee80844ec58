using System.Globalization;

namespace IncidentActors.Journal.Sqlite;

/// <summary>Brings a database to this program's schema. The journal and the records beside it each have scripts and a version of their own.</summary>
internal static class Schema
{
    /// <exception cref="Engine.Journals.JournalSchemaException">The schema is newer than this program; nothing was changed.</exception>
    public static void Apply(Link link)
    {
        Apply(link, "Sqlite", "schema_version");
        Apply(link, "Sqlite.Records", "records_version");
    }

    private static void Apply(Link link, string scripts, string table)
    {
        var known = link.Number($"select count(*) from sqlite_master where name = '{table}'") > 0;
        var found = known ? link.Number($"select max(number) from {table}") ?? 0 : 0;
        var missing = Script.Missing(scripts, (int)found);
        if (missing.Count == 0) return;

        link.Run("begin immediate");
        try
        {
            if (!known) link.Run($"create table {table} (number integer primary key, script text not null, applied_at text not null)");
            foreach (var script in missing)
            {
                link.Run(script.Sql);
                link[$"insert into {table} values (?, ?, ?)"]
                    .Bind(1, script.Number).Bind(2, script.Name).Bind(3, DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture))
                    .Execute();
            }

            link.Run("commit");
        }
        catch
        {
            link.Run("rollback");
            throw;
        }
    }
}
