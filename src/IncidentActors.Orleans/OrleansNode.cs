using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Orleans;

/// <summary>A running silo for a program that is no generic host, or whose host starts and stops beside it.</summary>
public sealed class OrleansNode : IAsyncDisposable
{
    private readonly IHost host;

    private OrleansNode(IHost host)
    {
        this.host = host;
        Engine = host.Services.GetRequiredService<EmbeddedEngine>();
        Actors = host.Services.GetRequiredService<IActorDirectory>();
        Lost = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    }

    /// <summary>This silo's turns and declarations.</summary>
    public EmbeddedEngine Engine { get; }

    /// <summary>All actors, on whichever silo.</summary>
    public IActorDirectory Actors { get; }

    /// <summary>Canceled when the silo cannot go on, because the others have taken it out of the cluster: dispose it, and start another one.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Completes when the silo has joined the cluster and takes calls.</summary>
    /// <param name="journal">Open; disposed by the caller, after this.</param>
    public static async Task<OrleansNode> StartAsync(
        IJournal journal, EngineOptions options, OrleansSettings settings, ILoggerFactory logs, CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        builder.AddOrleansEngine(journal, options, settings);
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancel);
            return new OrleansNode(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Leaves the cluster in good order: what runs is finished, other silos take the actors over.</summary>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>Signals are the program's business: the silo stops when it is told to.</summary>
    private sealed class Unattended : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
