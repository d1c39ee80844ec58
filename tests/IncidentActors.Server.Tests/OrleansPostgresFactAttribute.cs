using IncidentActors.Orleans;

namespace IncidentActors.Server.Tests;

/// <summary>A test of silos on a real PostgreSQL: skipped with the reason where either is missing.</summary>
public sealed class OrleansPostgresFactAttribute : PostgresFactAttribute
{
    public OrleansPostgresFactAttribute() => Skip = OrleansHosting.Missing ?? Skip;
}
