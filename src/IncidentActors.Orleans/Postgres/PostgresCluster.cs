using IncidentActors.Orleans.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentActors.Orleans;

/// <summary>Silos and clients that find each other in the journal's PostgreSQL database.</summary>
public static class PostgresCluster
{
    /// <summary>The name of Npgsql among the providers of ADO.NET.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>Name of the grain storage.</summary>
    public const string Snapshots = "snapshots";

    /// <summary>Membership, reminders and grain storage; creates or migrates their schema before the silo joins.</summary>
    public static ISiloBuilder UsePostgresCluster(this ISiloBuilder silo, string connectionString)
    {
        var connection = ClusterSchema.ConnectionString(connectionString);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new SchemaFirst(connectionString));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, Reminders.WakeUpCall>();
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.AddAdoNetGrainStorage(Snapshots, options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
            options.DeleteStateOnClear = true;
        });
        return silo;
    }

    /// <summary>Finds the silos' gateways. A silo must have started once on the database.</summary>
    public static IClientBuilder UsePostgresCluster(this IClientBuilder client, string connectionString) =>
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = ClusterSchema.ConnectionString(connectionString);
        });

    private sealed class SchemaFirst(string connectionString) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
            nameof(PostgresCluster), ServiceLifecycleStage.First, cancel => ClusterSchema.ApplyAsync(connectionString, cancel));
    }
}
