using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>The caller's connection string with bounds where it has none.</summary>
internal static class ConnectionSettings
{
    /// <summary>A session setting that only this program sets. If it is missing, the connection goes through a pooler.</summary>
    public const string Marker = "incident_actors.direct";

    private const string ServerOptions = $"-c statement_timeout=30s -c jit=off -c {Marker}=on";

    /// <param name="address">As <see cref="PostgresAddress"/> takes it.</param>
    /// <exception cref="ArgumentException">It cannot be read. The message holds nothing of the text.</exception>
    public static NpgsqlConnectionStringBuilder Of(string address)
    {
        var connectionString = PostgresAddress.Parse(address);
        var given = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = connectionString };
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        Default("Maximum Pool Size", 20);
        Default("Timeout", 5);
        Default("Command Timeout", 40);
        Default("Keepalive", 20);
        Default("Max Auto Prepare", 60);
        Default("Auto Prepare Min Usages", 2);
        Default("No Reset On Close", true);
        Default("Application Name", "incident-actors");
        settings.Options = settings.Options is { Length: > 0 } own ? $"{ServerOptions} {own}" : ServerOptions;
        return settings;

        void Default(string keyword, object value)
        {
            if (!given.ContainsKey(keyword)) settings[keyword] = value;
        }
    }
}
