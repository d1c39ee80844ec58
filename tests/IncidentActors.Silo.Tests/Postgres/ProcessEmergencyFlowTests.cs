using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Postgres;

/// <summary>The whole emergency flow by a client outside of three silo processes.</summary>
[NeedsPostgres]
public sealed class ProcessEmergencyFlowTests : EmergencyFlowSuite
{
    protected override async Task<IBench> StartAsync() => await ProcessSilos.StartAsync(ClusterBench.Patient);
}
