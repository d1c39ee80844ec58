using IncidentActors.Behaviour;
using IncidentActors.Silo.Tests.Access;
using ServiceClient;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>The sample that service developers copy does what it says.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private TestSilos silos = null!;

    public async Task InitializeAsync() => silos = await TestSilos.StartAsync(outside: true);

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task A_service_declares_watches_and_acknowledges_by_grain_interfaces_only()
    {
        using var said = new StringWriter();
        var tokens = new ClientTokens(silos.Journal);
        var secrets = new Dictionary<string, string>
        {
            ["@pm"] = await tokens.MakeAsync("@pm", "pm"),
            ["@dev"] = await tokens.MakeAsync("@dev", "dev"),
        };
        CallToken.Show(secrets["@pm"]);

        Assert.True(await new CheckoutService(silos.Directory, secrets, said).RunAsync(), said.ToString());
    }
}
