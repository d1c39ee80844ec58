using IncidentActors.Silo.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentActors.Silo;

/// <summary>Silos that find each other in the journal's PostgreSQL database.</summary>
public static class PostgresCluster
{
    /// <summary>The name of Npgsql among the providers of ADO.NET.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>Membership in the database. Before the silo joins, the schema is brought up to date and members that are gone are declared dead.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="connectionString">The journal's.</param>
    /// <param name="deadAfter">A member is dead when its last sign of life is older than this and it cannot be reached.</param>
    public static ISiloBuilder UsePostgresCluster(this ISiloBuilder silo, string connectionString, TimeSpan deadAfter)
    {
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            services => ActivatorUtilities.CreateInstance<Joining>(services, connectionString, deadAfter));
        return silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = ClusterSchema.ConnectionString(connectionString);
        });
    }
}
