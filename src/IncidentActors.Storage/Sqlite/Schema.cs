using System.Data;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Brings a database to this program's schema. The journal and the records have separate scripts and versions.</summary>
internal static class Schema
{
    private static readonly SchemaScripts[] Parts = [SchemaScripts.Of("Sqlite", "schema_version"), SchemaScripts.Of("Sqlite.Records", "records_version")];

    /// <exception cref="Engine.Journals.JournalSchemaException">The schema is newer than this program; nothing was changed.</exception>
    public static void Apply(Link link)
    {
        // Serializable begins immediately: no other connection migrates meanwhile. The driver's calls are synchronous.
        using var transaction = link.Connection.BeginTransaction(IsolationLevel.Serializable);
        foreach (var part in Parts) part.ApplyAsync(link.Connection, CancellationToken.None).GetAwaiter().GetResult();
        transaction.Commit();
    }
}
