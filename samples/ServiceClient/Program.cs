using IncidentActors.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceClient;

// The cluster and the token are in appsettings.json, or in variables such as IncidentActors__Token.
var builder = Host.CreateApplicationBuilder(args);
builder.AddIncidentClient();
using var host = builder.Build();
await host.StartAsync();
var service = new CheckoutService(host.Services.GetRequiredService<IncidentClient>(), Console.Out);
var done = await service.RunAsync(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
await host.StopAsync();
return done ? 0 : 1;
