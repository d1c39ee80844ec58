using System.Diagnostics;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Benchmarks.Orleans;

/// <summary>What filters, wire and actor add to a grain call: one silo, the journal in memory, calls from the silo's host.</summary>
internal static class CallsBesideEmpty
{
    private const int Grains = 1000;
    private const int CallsEach = 200;
    private const int Runs = 3;

    public static async Task RunAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.AddSilo(new InMemoryStore(), new EngineOptions(), new SiloSettings { SiloPort = 0 });
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var actors = host.Services.GetRequiredService<ClusterActors>();
        var ours = new List<double>();
        var empty = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            empty.Add(await RateAsync(number => grains.GetGrain<IEmptyGrain>($"e{number}").GetAsync()));
            ours.Add(await RateAsync(number => actors.Incident($"INC-{number}").GetAsync()));
        }

        // The first run warms up.
        Table.Row("calls to an empty grain", empty.Skip(1).Max(), "calls/s");
        Table.Row("calls to an incident's grain for its view", ours.Skip(1).Max(), "calls/s");
        Table.Row("ratio", ours.Skip(1).Max() / empty.Skip(1).Max(), "", "aim: 0.7");
        await host.StopAsync();
    }

    private static async Task<double> RateAsync(Func<int, Task> call)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Grains).Select(async number =>
        {
            for (var i = 0; i < CallsEach; i++) await call(number);
        }));
        return Grains * CallsEach / watch.Elapsed.TotalSeconds;
    }
}
