using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Postgres;

[NeedsPostgres]
public sealed class PostgresHaltTests : HaltSuite
{
    protected override async Task<IBench> StartAsync() => await PostgresSilos.StartAsync();
}
