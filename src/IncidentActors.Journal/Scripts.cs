using System.Globalization;

namespace IncidentActors.Journal;

/// <summary>One numbered step of a schema, from the SQL files inside this assembly: <c>Sqlite/Scripts/001_schema.sql</c>.</summary>
internal sealed record Script(int Number, string Name, string Sql)
{
    /// <param name="store"><c>Sqlite</c> or <c>Postgres</c>, or a folder in them: <c>Sqlite.Records</c>.</param>
    public static IReadOnlyList<Script> Of(string store)
    {
        var assembly = typeof(Script).Assembly;
        var folder = $"{assembly.GetName().Name}.{store}.Scripts.";
        var scripts = new List<Script>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[folder.Length..];
            scripts.Add(new Script(int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }

        return [.. scripts.OrderBy(script => script.Number)];
    }

    /// <summary>The scripts that a schema at version <paramref name="found"/> still needs.</summary>
    /// <exception cref="Engine.Journals.JournalSchemaException">It is ahead of this program.</exception>
    public static IReadOnlyList<Script> Missing(string store, int found)
    {
        var all = Of(store);
        if (found > all[^1].Number)
        {
            throw new Engine.Journals.JournalSchemaException(
                $"The journal's schema has version {found}, this program knows versions up to {all[^1].Number}. "
                + "Use the program that wrote it, or a newer one. Nothing was changed.");
        }

        return [.. all.Where(script => script.Number > found)];
    }
}
