using IncidentActors.Testing;

namespace IncidentActors.Server.Tests;

/// <summary>A test on a real PostgreSQL: skipped with the reason where it is not installed, a failure where <c>CI=true</c>.</summary>
public class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true") Skip = PostgresServer.Missing;
    }
}
