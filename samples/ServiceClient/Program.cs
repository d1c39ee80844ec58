using IncidentActors.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using ServiceClient;

// ServiceClient                          a silo on this machine (gateway port 30000)
// ServiceClient "Host=…;Database=…"      the cluster in that PostgreSQL database
var builder = Host.CreateApplicationBuilder();
builder.UseOrleansClient(client =>
{
    var cluster = new OrleansSettings();
    client.AddIncidentClient();
    client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
    if (args is [var postgres, ..])
        client.UsePostgresCluster(postgres);
    else
        client.UseLocalhostClustering(cluster.GatewayPort, cluster.ServiceId, cluster.ClusterId);
});

using var host = builder.Build();
await host.StartAsync();
var service = new CheckoutService(host.Services.GetRequiredService<OrleansDirectory>(), Console.Out);
var done = await service.RunAsync();
await host.StopAsync();
return done ? 0 : 1;
