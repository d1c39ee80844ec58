using Npgsql;

namespace IncidentActors.Journal.Postgres;

/// <summary>The caller's connection string with bounds where it has none.</summary>
internal static class ConnectionSettings
{
    private const string ServerOptions = "-c statement_timeout=30s -c jit=off";

    public static NpgsqlConnectionStringBuilder Of(string connectionString)
    {
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
            if (!new System.Data.Common.DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey(keyword))
                settings[keyword] = value;
        }
    }
}
