using System.Collections.Concurrent;
using IncidentActors.Agents;
using IncidentActors.Client;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine;
using IncidentActors.Silo.Agents;
using IncidentActors.Silo.Tests.Access;
using IncidentActors.Silo.Wire;
using IncidentActors.Testing;
using IncidentActors.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace IncidentActors.Silo.Tests.Agents;

/// <summary>A silo of the journal with a gateway and tokens, and the cluster of a service with two silos that hosts agents.</summary>
internal sealed class AgentsBench : IAsyncDisposable
{
    public static readonly string[] Team = ["@dev", "@sre", "@qa"];

    /// <summary>Longer than a test waits: what happens, news have caused.</summary>
    private static readonly TimeSpan Seldom = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, string> secrets = [];
    private readonly int gateway = Ports.Free();
    private readonly InMemoryStore journal = new();
    private readonly RecordedStorage storage;
    private IHost server = null!;
    private int peeks;

    private AgentsBench() => storage = new RecordedStorage(Probe);

    public AgentProbe Probe { get; } = new();
    public InProcessTestCluster Cluster { get; private set; } = null!;

    /// <summary>How often agents have looked into their inboxes.</summary>
    public int Peeks => Volatile.Read(ref peeks);

    public ClusterActors Inside => server.Services.GetRequiredService<ClusterActors>();

    /// <param name="keys">Other keys than the product's.</param>
    /// <param name="add">The agents, with the secrets of their tokens by handle; null: those of <see cref="Team"/>, and some that do nothing.</param>
    /// <param name="news">False: the journal gives no news, and agents look often.</param>
    /// <param name="services">Further services of the agents' silos.</param>
    public static async Task<AgentsBench> StartAsync(
        KeyOf? keys = null, Action<IncidentAgentsBuilder, Dictionary<string, string>>? add = null, bool news = true,
        Action<IServiceCollection>? services = null)
    {
        var bench = new AgentsBench();
        await bench.journal.OpenAsync(CancellationToken.None);
        var tokens = new ClientTokens(bench.journal);
        foreach (var role in new[] { "pm", "dev", "sre", "qa", "operator" }) bench.secrets[$"@{role}"] = await tokens.MakeAsync($"@{role}", role);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddSilo(bench.journal, new EngineOptions { Node = "journal" }, new SiloSettings { SiloPort = 0, GatewayPort = bench.gateway });
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(new CallCount(nameof(IAgent.PeekInboxAsync), () => Interlocked.Increment(ref bench.peeks)));
        if (!news) builder.Services.AddSingleton<IIncomingGrainCallFilter, NoNews>();
        bench.server = builder.Build();
        await bench.server.StartAsync();

        var agents = new InProcessTestClusterBuilder(2);
        agents.Options.ConfigureFileLogging = false;
        agents.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        agents.ConfigureSilo((_, silo) =>
        {
            services?.Invoke(silo.Services);
            bench.Configure(silo, keys, add ?? AddTeam, news);
        });
        agents.ConfigureClient(client => client.Services.AddCoreSerialization());
        bench.Cluster = agents.Build();
        await bench.Cluster.DeployAsync();
        return bench;
    }

    public IncidentClient Of(string handle) =>
        Cluster.GetSiloServiceProvider(Cluster.Silos[^1].SiloAddress).GetRequiredService<AgentRuntime>().ClientOf(handle);

    public IWorkAgent Agent(string handle) => Cluster.Client.GetGrain<IWorkAgent>(handle);

    /// <summary>How often each message was handled, by what was sent on its ATP.</summary>
    public async Task<Dictionary<string, int>> HandledAsync(IEnumerable<string> atps)
    {
        var handled = new Dictionary<string, int>();
        foreach (var atp in atps)
        {
            foreach (var sent in (await EventsAsync(atp)).OfType<MessageSent>().Where(sent => sent.Subject.StartsWith("handled ", StringComparison.Ordinal)))
                handled[sent.Subject] = handled.GetValueOrDefault(sent.Subject) + 1;
        }

        return handled;
    }

    public async Task<List<IEvent>> EventsAsync(string atp) =>
        [.. (await journal.HistoryAsync(ActorId.Atp(atp), 0, 1000, CancellationToken.None)).Select(one => EventTypes.Read(one.Name, one.Payload.Span))];

    public async ValueTask DisposeAsync()
    {
        Probe.Release();
        await Cluster.DisposeAsync();
        await server.StopAsync();
        server.Dispose();
        await journal.DisposeAsync();
    }

    private void Configure(ISiloBuilder silo, KeyOf? keys, Action<IncidentAgentsBuilder, Dictionary<string, string>> add, bool news)
    {
        silo.Services.AddSingleton(Probe);
        if (keys is not null) silo.Services.AddSingleton(keys);
        silo.Services.AddKeyedSingleton<IGrainStorage>("agents", storage);
        silo.Configure<ClusterMembershipOptions>(membership =>
            (membership.ProbeTimeout, membership.NumMissedProbesLimit, membership.NumVotesForDeathDeclaration) = (TimeSpan.FromSeconds(2), 2, 1));
        silo.AddIncidentAgents(agents =>
        {
            agents.LookInterval = news ? Seldom : TimeSpan.FromMilliseconds(100);
            agents.Client(options => (options.Gateways, options.PollInterval) = ([$"127.0.0.1:{gateway}"], TimeSpan.FromMilliseconds(100)));
            add(agents, secrets);
        });
    }

    private static void AddTeam(IncidentAgentsBuilder agents, Dictionary<string, string> secrets)
    {
        foreach (var handle in Team) agents.Add<WorkAgent>(handle, () => secrets[handle]);
        foreach (var handle in new[] { "@pm", "@operator" }) agents.Add<SilentAgent>(handle, () => secrets[handle]);
        agents.Add<SilentAgent>("@impostor", () => secrets["@dev"]);
    }

    private sealed class CallCount(string method, Action called) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName == method) called();
            return context.Invoke();
        }
    }

    private sealed class NoNews : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) =>
            context.InterfaceMethod.DeclaringType == typeof(IInboxNewsGrain) ? throw new UnauthorizedAccessException("There is no news.") : context.Invoke();
    }

    /// <summary>Keeps state as long as the test runs, whichever silo is lost.</summary>
    internal sealed class RecordedStorage(AgentProbe probe) : IGrainStorage
    {
        private readonly ConcurrentDictionary<(string, GrainId), object?> kept = new();

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (kept.TryGetValue((stateName, grainId), out var state)) (grainState.State, grainState.RecordExists) = ((T)state!, true);
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            probe.Note($"{grainId} was written");
            kept[(stateName, grainId)] = grainState.State;
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
