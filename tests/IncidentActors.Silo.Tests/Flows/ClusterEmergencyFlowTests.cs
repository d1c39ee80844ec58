using IncidentActors.Behaviour;

namespace IncidentActors.Silo.Tests.Flows;

public sealed class ClusterEmergencyFlowTests : EmergencyFlowSuite
{
    protected override async Task<IBench> StartAsync() => await TestSilos.StartAsync();
}
