using IncidentActors.Behaviour;
using IncidentActors.Client;
using IncidentActors.Silo.Tests.Access;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using ServiceClient;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>The sample that service developers copy does what it says.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync(outside: true);

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task A_service_declares_watches_and_acknowledges_by_the_client()
    {
        using var output = new StringWriter();
        var secret = await new ClientTokens(silos.Journal).MakeAsync("@dev", "dev");
        var client = silos.Cluster.Client.ServiceProvider.GetRequiredService<IncidentClient>().As("@dev", secret);

        Assert.True(await new CheckoutService(client, output).RunAsync(CancellationToken.None).EndsAsync("the sample"), output.ToString());
        Assert.Contains("@dev got msg-", output.ToString(), StringComparison.Ordinal);
    }
}
