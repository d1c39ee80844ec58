using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Postgres;

[NeedsPostgres]
public sealed class ProcessHaltTests : HaltSuite
{
    protected override async Task<IBench> StartAsync() => await ProcessSilos.StartAsync(ClusterBench.Patient);
}
