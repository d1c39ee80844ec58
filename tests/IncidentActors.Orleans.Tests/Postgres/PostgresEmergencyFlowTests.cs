using IncidentActors.Behaviour;
using IncidentActors.Engine.Tests.Journals;

namespace IncidentActors.Orleans.Tests.Postgres;

[NeedsPostgres]
public sealed class PostgresEmergencyFlowTests : EmergencyFlowSuite
{
    protected override async Task<IBench> StartAsync() => await PostgresSilos.StartAsync();
}
