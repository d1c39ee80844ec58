using System.Globalization;

namespace IncidentActors.Journal.Sqlite;

/// <summary>Brings a database to this program's schema.</summary>
internal static class Schema
{
    private const string Versions =
        "create table schema_version (number integer primary key, script text not null, applied_at text not null)";

    /// <exception cref="Engine.Journals.JournalSchemaException">The schema is newer than this program; nothing was changed.</exception>
    public static void Apply(Link link)
    {
        var known = link.Number("select count(*) from sqlite_master where name = 'schema_version'") > 0;
        var found = known ? link.Number("select max(number) from schema_version") ?? 0 : 0;
        var missing = Script.Missing("Sqlite", (int)found);
        if (missing.Count == 0) return;

        link.Run("begin immediate");
        try
        {
            if (!known) link.Run(Versions);
            foreach (var script in missing)
            {
                link.Run(script.Sql);
                link["insert into schema_version values (?, ?, ?)"]
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
