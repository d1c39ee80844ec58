using System.ClientModel;
using ChatAgents;
using IncidentActors.Agents;
using IncidentActors.Agents.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenAI;

var builder = Host.CreateApplicationBuilder(args);
var configuration = builder.Configuration;
builder.Services.Configure<ChatAgentOptions>(configuration.GetSection("IncidentActors:Chat"));
builder.Services.AddSingleton<IChatClient>(_ => new OpenAIClient(
    new ApiKeyCredential(configuration["Model:Key"]!), new OpenAIClientOptions { Endpoint = new Uri(configuration["Model:Endpoint"]!) })
    .GetChatClient(configuration["Model:Name"]).AsIChatClient());
builder.UseOrleans(silo => silo
    .UseLocalhostClustering()
    .AddIncidentAgents(agents => agents.Add<TriageAgent>("@triage")));
await builder.Build().RunAsync();
