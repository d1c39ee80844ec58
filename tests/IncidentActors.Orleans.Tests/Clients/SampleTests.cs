using IncidentActors.Behaviour;
using ServiceClient;

namespace IncidentActors.Orleans.Tests.Clients;

/// <summary>The sample that service developers copy does what it says.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync();

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task A_service_declares_watches_and_acknowledges_by_grain_interfaces_only()
    {
        using var said = new StringWriter();

        Assert.True(await new CheckoutService(silos.Directory, said).RunAsync(), said.ToString());
    }
}
