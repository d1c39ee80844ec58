using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Postgres;

[NeedsPostgres]
public sealed class PostgresEmergencyFlowTests : EmergencyFlowSuite
{
    protected override async Task<IBench> StartAsync() => await PostgresSilos.StartAsync();
}
