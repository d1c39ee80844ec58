using IncidentActors.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using ServiceClient;

// ServiceClient                          a silo on this machine that was started with --gateway-port 30000
// ServiceClient "Host=…;Database=…"      the cluster in that PostgreSQL database, whose silos were started with --gateway-port
// Tokens of @pm and @dev ('incident token create') come in the environment variables INCIDENT_PM_TOKEN and INCIDENT_DEV_TOKEN.
var tokens = new (string Handle, string Variable)[] { ("@pm", "INCIDENT_PM_TOKEN"), ("@dev", "INCIDENT_DEV_TOKEN") }
    .Select(known => (known.Handle, Secret: Environment.GetEnvironmentVariable(known.Variable)))
    .Where(known => known.Secret is not null)
    .ToDictionary(known => known.Handle, known => known.Secret!);
var builder = Host.CreateApplicationBuilder();
builder.UseOrleansClient(client =>
{
    var cluster = new SiloSettings();
    client.AddIncidentClient(() => tokens.GetValueOrDefault("@pm"));
    client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
    if (args is [var postgres, ..])
        client.UsePostgresCluster(postgres);
    else
        client.UseLocalhostClustering(30000, cluster.ServiceId, cluster.ClusterId);
});

using var host = builder.Build();
await host.StartAsync();
var service = new CheckoutService(host.Services.GetRequiredService<ClusterActors>(), tokens, Console.Out);
var done = await service.RunAsync();
await host.StopAsync();
return done ? 0 : 1;
