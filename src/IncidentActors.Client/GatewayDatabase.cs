using System.Data.Common;
using System.Globalization;

namespace IncidentActors.Client;

/// <summary>The connection to the cluster's tables by an Npgsql that the service brings, so that the package depends on none.</summary>
internal static class GatewayDatabase
{
    /// <summary>The name of Npgsql among the providers of ADO.NET.</summary>
    public const string Invariant = "Npgsql";

    private const string Schema = "orleans";
    private const string MaxPoolSize = "Maximum Pool Size";
    private const int MaxConnections = 10;

    /// <summary>The cluster's tables are found by the search path, and few connections are needed to read them. Npgsql's own builder knows all
    /// its keywords.</summary>
    public static string ConnectionString(string given)
    {
        var settings = Provider().CreateConnectionStringBuilder()!;
        settings.ConnectionString = given;
        settings["Search Path"] = Schema;
        settings[MaxPoolSize] = Math.Min(Convert.ToInt32(settings[MaxPoolSize], CultureInfo.InvariantCulture), MaxConnections);
        return settings.ConnectionString;
    }

    private static DbProviderFactory Provider() =>
        Type.GetType("Npgsql.NpgsqlFactory, Npgsql")?.GetField("Instance")?.GetValue(null) as DbProviderFactory
        ?? throw new InvalidOperationException(
            $"{IncidentClientOptions.Section}:{nameof(IncidentClientOptions.ConnectionString)} needs the package Npgsql: add a reference to it, "
            + $"or name {nameof(IncidentClientOptions.Gateways)} instead.");
}
