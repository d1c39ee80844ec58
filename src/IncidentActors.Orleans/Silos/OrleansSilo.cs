using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Orleans.Halts;
using IncidentActors.Orleans.Silos;
using IncidentActors.Orleans.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Orleans;

/// <summary>Makes a silo run the actors.</summary>
public static class OrleansSilo
{
    /// <summary>Adds grains, engine and halt broadcast to a silo. Clustering is the host's to choose.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="journal">Open, shared by all silos of the cluster, and disposed by whoever made it, after the silo.</param>
    /// <param name="options">Null: the defaults. The node's name is the silo's address, whatever the options say.</param>
    public static ISiloBuilder AddOrleansEngine(this ISiloBuilder silo, IJournal journal, EngineOptions? options = null)
    {
        silo.Services.AddCoreSerialization();
        silo.Services.AddSingleton(services => new EmbeddedEngine(
            journal,
            (options ?? new EngineOptions()) with { Node = services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString() },
            services.GetRequiredService<ILogger<EmbeddedEngine>>()));
        silo.Services.AddSingleton(services => services.GetRequiredService<EmbeddedEngine>().Turns);
        silo.Services.AddSingleton(services => services.GetRequiredService<EmbeddedEngine>().Declarations);
        silo.Services.AddSingleton<OrleansDirectory>();
        silo.Services.AddSingleton<IActorDirectory, SiloDirectory>();
        silo.Services.AddSingleton<HaltBroadcast>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloEngine>();
        silo.AddGrainService<HaltNode>();
        silo.AddIncomingGrainCallFilter<PlainFaults>();
        silo.AddOutgoingGrainCallFilter<ClusterFaults>();
        return silo;
    }
}
