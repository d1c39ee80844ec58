using Npgsql;

namespace IncidentActors.Benchmarks.Orleans;

/// <summary>Grain storage of Orleans in a schema of its own (<c>naive.sql</c>), for the design that ours is compared with.</summary>
internal static class NaiveStorage
{
    public const string Name = "snapshots";
    private const string Schema = "naive";

    public static async Task CreateAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        using var script = new StreamReader(typeof(NaiveStorage).Assembly.GetManifestResourceStream("naive.sql")!);
        await using var create = new NpgsqlCommand(
            $"create schema {Schema}; set search_path = {Schema}; create table orleansquery (querykey text primary key, querytext text not null);"
            + await script.ReadToEndAsync(),
            connection);
        await create.ExecuteNonQueryAsync();
    }

    public static ISiloBuilder AddNaiveStorage(this ISiloBuilder silo, string database) => silo.AddAdoNetGrainStorage(Name, options =>
    {
        options.Invariant = "Npgsql";
        options.ConnectionString = new NpgsqlConnectionStringBuilder(database) { SearchPath = Schema, MaxPoolSize = 10 }.ConnectionString;
        options.DeleteStateOnClear = true;
    });
}
