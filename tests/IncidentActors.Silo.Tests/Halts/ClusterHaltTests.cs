using IncidentActors.Behaviour;

namespace IncidentActors.Silo.Tests.Halts;

public sealed class ClusterHaltTests : HaltSuite
{
    protected override async Task<IBench> StartAsync() => await TestSilos.StartAsync();
}
