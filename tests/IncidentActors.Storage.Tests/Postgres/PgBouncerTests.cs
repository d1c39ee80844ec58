using IncidentActors.Engine.Journals;
using IncidentActors.Storage.Postgres;
using Npgsql;

namespace IncidentActors.Storage.Tests.Postgres;

/// <summary>A pooler that gives every transaction another session is refused at start, with advice; PostgreSQL itself is not.</summary>
[NeedsPgBouncer]
public sealed class PgBouncerTests
{
    /// <summary>Npgsql and the store ask for these at the start of a session; PgBouncer refuses what it is not told to ignore.</summary>
    private const string Ignored = "ignore_startup_parameters = extra_float_digits,options,search_path";

    [SuiteFact]
    public Task Transaction_pooling_is_refused() => RefusedAsync("pool_mode = transaction");

    [SuiteFact]
    public Task Transaction_pooling_that_ignores_settings_is_refused() => RefusedAsync($"pool_mode = transaction\n{Ignored}");

    [SuiteFact]
    public Task Session_pooling_that_ignores_settings_is_refused() => RefusedAsync($"pool_mode = session\n{Ignored}");

    private static async Task RefusedAsync(string settings)
    {
        var direct = new NpgsqlConnectionStringBuilder(await PostgresServer.Shared.CreateDatabaseAsync());
        await using var bouncer = await PgBouncer.StartAsync(direct.Port, settings);
        await using var store = new PostgresStore(new NpgsqlConnectionStringBuilder(direct.ToString()) { Port = bouncer.Port }.ToString());
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => store.OpenAsync(default));
        Assert.Contains("pooler", refused.Message, StringComparison.Ordinal);
        Assert.Contains("directly", refused.Message, StringComparison.Ordinal);

        await using var past = new NpgsqlConnection(direct.ToString());
        await past.OpenAsync();
        await using var tables = new NpgsqlCommand("select count(*) from information_schema.tables where table_schema = 'public'", past);
        Assert.Equal(0L, await tables.ExecuteScalarAsync());
    }
}

public sealed class NeedsPgBouncerAttribute : NeedsAttribute
{
    public override string? Missing => PgBouncer.Missing;
}
