using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Dispatch;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;
using IncidentActors.Silo.Access;
using IncidentActors.Silo.Effects;
using IncidentActors.Silo.Halts;
using IncidentActors.Silo.Incidents;
using IncidentActors.Silo.Silos;
using IncidentActors.Silo.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Silo;

/// <summary>Makes a silo run the actors.</summary>
public static class SiloActors
{
    /// <summary>
    /// Adds grains, turns, dispatcher and halt broadcast to a silo. Afterwards its host offers <see cref="IActorDirectory"/> (all actors, on
    /// whichever silo), <see cref="IDeclarations"/>, <see cref="Creations"/>, <see cref="ActorViews"/>, <see cref="INodes"/>, and this silo's
    /// <see cref="TurnExecutor"/>.
    /// </summary>
    /// <param name="silo">The silo; clustering and ports are the caller's to choose.</param>
    /// <param name="journal">Open, shared by all silos of the cluster, and disposed by the caller, after the silo.</param>
    /// <param name="options">Null: the defaults. The node's name is unique among the silos.</param>
    public static ISiloBuilder AddActors(this ISiloBuilder silo, IStore journal, EngineOptions? options = null)
    {
        var services = silo.Services;
        services.AddCoreSerialization();
        services.AddSingleton(journal);
        services.AddSingleton(options ?? new EngineOptions());
        services.AddSingleton<TurnExecutor>();
        services.AddSingleton(provider => new Dispatcher(
            provider.GetRequiredService<TurnExecutor>(), provider.GetRequiredService<IEffectTargets>(), provider.GetRequiredService<ILogger<Dispatcher>>()));
        services.AddSingleton(provider => new StoreWatch(provider.GetRequiredService<TurnExecutor>(), provider.GetRequiredService<ILogger<StoreWatch>>()));
        services.AddSingleton<Declarations>();
        services.AddSingleton<Creations>();
        services.AddSingleton<IDeclarations, ClusterDeclarations>();
        services.AddSingleton<ActorViews>();
        services.AddSingleton<ClusterActors>();
        services.AddSingleton<IActorDirectory, SiloDirectory>();
        services.AddSingleton<IEffectTargets, ClusterEffects>();
        services.AddSingleton<HaltBroadcast>();
        services.AddSingleton<INodes>(provider => provider.GetRequiredService<HaltBroadcast>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloEngine>();
        silo.AddGrainService<HaltNode>();
        silo.AddActivityPropagation();
        services.AddSingleton(_ => new SiloSeal(journal));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloSeal>());
        services.TryAddSingleton(_ => new TokenRecords(journal));
        services.TryAddSingleton<ICredentials>(provider => provider.GetRequiredService<TokenRecords>());
        services.TryAddSingleton(_ => new TokenBuckets(TokenBuckets.DefaultPerSecond, TokenBuckets.DefaultAtOnce));
        services.AddSingleton(provider => new AccessPolicy(new TeamOwnership(journal, provider.GetRequiredService<EngineOptions>().Roster)));
        silo.AddIncomingGrainCallFilter<PlainFaults>();
        silo.AddIncomingGrainCallFilter<ClientCalls>();
        silo.AddOutgoingGrainCallFilter<ClusterFaults>();
        silo.AddOutgoingGrainCallFilter<SealedCalls>();
        return silo;
    }
}
