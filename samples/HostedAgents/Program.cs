using HostedAgents;
using IncidentActors.Agents;
using Microsoft.Extensions.Hosting;

// The cluster of the journal and the agents' tokens are in appsettings.json, or in variables such as IncidentActors__Tokens__dev.
var builder = Host.CreateApplicationBuilder(args);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering()
    .AddMemoryGrainStorage("agents")
    .AddIncidentAgents(agents => agents
        .Add<CommanderAgent>("@pm")
        .Add<DeveloperAgent>("@dev")
        .Add<DeployerAgent>("@sre")));
await builder.Build().RunAsync();
