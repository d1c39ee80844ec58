using IncidentActors.Client;
using IncidentActors.Core.Atps;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static EmergencyFlow;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>A silo freezes with a command on its way.</summary>
[Slow]
public sealed class FrozenSiloTests
{
    [Fact]
    public async Task A_command_to_a_frozen_silo_is_sent_until_it_is_decided_and_applied_once()
    {
        var (gateway, attempts) = (Ports.Free(), 0);
        var data = Directory.CreateTempSubdirectory("frozen-");
        await using var server = new ServerProcess("--data", data.FullName, "--quiet", "--gateway-port", $"{gateway}");
        await server.StartAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddIncidentClient(options =>
            (options.Gateways, options.Handle, options.ResponseTimeout) = ([$"localhost:{gateway}"], "@dev", TimeSpan.FromSeconds(1)));
        builder.Services.AddSingleton<IOutgoingGrainCallFilter>(new Counter(() => Interlocked.Increment(ref attempts)));
        using var host = builder.Build();
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IncidentClient>();
        var frozen = await OkAsync(client.Atp("AT-1").DoAsync(new CreateAtp("frozen")));
        var control = await OkAsync(client.Atp("AT-2").DoAsync(new CreateAtp("control")));

        server.Stall();
        var before = Volatile.Read(ref attempts);
        var sent = client.Atp("AT-1").DoAsync(new SetAtp(Notes: "once"));
        await Eventually.TrueAsync(() => Volatile.Read(ref attempts) >= before + 2, "a second attempt");
        Assert.False(sent.IsCompleted);
        server.Resume();

        Assert.True((await sent.EndsAsync("the outcome")).IsAccepted);
        var noted = await OkAsync(client.Atp("AT-2").DoAsync(new SetAtp(Notes: "once")));
        Assert.Equal(noted.Version - control.Version, (await client.Atp("AT-1").GetAsync())!.Version - frozen.Version);
        await host.StopAsync();
        await server.KillAsync();
        data.Delete(recursive: true);
    }

    private sealed class Counter(Action called) : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context)
        {
            called();
            return context.Invoke();
        }
    }
}
