using System.Collections.Concurrent;
using IncidentActors.Client;
using IncidentActors.Core.Decisions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Metadata;

namespace IncidentActors.Agents;

/// <summary>
/// A silo's hosted agents, and the client by which they reach the journal. The client has a host of its own, because a host is either a silo or a client.
/// It is connected before the silo takes calls.
/// </summary>
internal sealed partial class AgentRuntime : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener
{
    /// <summary>Agents that are activated, or read their inboxes while idle, at once.</summary>
    private const int MaxAtOnce = 64;
    private const string LookIntervalKey = "LookInterval";

    /// <summary>How soon an agent is activated again that was deactivated here, and every agent when a silo was lost.</summary>
    private static readonly TimeSpan WakeInterval = TimeSpan.FromSeconds(2);

    /// <summary>How often each silo makes sure that every agent is active.</summary>
    private static readonly TimeSpan WakeAllInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan DefaultLookInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxLookInterval = TimeSpan.FromMinutes(30);

    private readonly IncidentAgentsBuilder agents;
    private readonly IConfiguration section;
    private readonly IGrainFactory grains;
    private readonly Dictionary<string, GrainId> ids;
    private readonly ConcurrentDictionary<string, WorkGate> gates = [];
    private readonly IHost client;
    private readonly ISiloStatusOracle silos;
    private readonly ConcurrentDictionary<string, bool> asleep = [];
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private volatile bool wakeAll = true;

    public AgentRuntime(
        IncidentAgentsBuilder agents, IConfiguration section, IGrainFactory grains, GrainTypeResolver types, KeyOf keyOf, ISiloStatusOracle silos,
        ILoggerFactory logs)
    {
        (this.agents, this.section, this.grains, KeyOf, this.silos) = (agents, section, grains, keyOf, silos);
        Log = logs.CreateLogger<AgentRuntime>();
        LookInterval = agents.LookInterval ?? section.GetValue(LookIntervalKey, DefaultLookInterval);
        if (LookInterval <= TimeSpan.Zero || LookInterval > MaxLookInterval)
            throw new InvalidOperationException($"{IncidentClientOptions.Section}:{LookIntervalKey} must be at most {MaxLookInterval}, and longer than zero.");
        News = new AgentNews(this);
        ids = agents.Agents.ToDictionary(agent => agent.Key, agent => GrainId.Create(types.GetGrainType(agent.Value.Type), agent.Key));
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Services.AddSingleton(logs);
        host.Services.AddIncidentClient(section, agents.ConfigureClient);
        client = host.Build();
    }

    public ILogger Log { get; }

    public KeyOf KeyOf { get; }

    public AgentNews News { get; }

    /// <summary>How often an agent reads its inbox without news.</summary>
    public TimeSpan LookInterval { get; }

    /// <summary>Taken by an agent that reads its inbox while it does nothing, so that those that a halt stops are not behind them.</summary>
    public SemaphoreSlim IdleLooks { get; } = new(MaxAtOnce);

    public TimeSpan PollInterval => client.Services.GetRequiredService<IOptionsMonitor<IncidentClientOptions>>().CurrentValue.PollInterval;

    /// <param name="keyOf">Null: each command has a new key.</param>
    /// <param name="ends">When it is cancelled, no command is sent any more.</param>
    public IncidentClient ClientOf(string handle, Func<string, ICommand, string>? keyOf = null, CancellationToken ends = default) =>
        client.Services.GetRequiredService<IncidentClient>().As(new CallerIdentity(handle, () => TokenOf(handle), keyOf, ends));

    public WorkGate GateOf(string handle) => gates.GetOrAdd(handle, one => new WorkGate(one, ClientOf(one), () => News.Look(one)));

    /// <summary>The handle of the agent that this grain runs; null if the grain is not a hosted agent.</summary>
    public string? HandleOf(GrainId grain) =>
        grain.Key.ToString() is { } handle && ids.TryGetValue(handle, out var id) && id == grain ? handle : null;

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status) => wakeAll |= status == SiloStatus.Dead;

    /// <summary>The agent was deactivated on this silo.</summary>
    public void Fell(string handle) => asleep[handle] = true;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(AgentRuntime), ServiceLifecycleStage.ApplicationServices, client.StartAsync, StopAsync);
        lifecycle.Subscribe(
            nameof(AgentRuntime), ServiceLifecycleStage.Active,
            _ =>
            {
                silos.SubscribeToSiloStatusEvents(this);
                running = Task.WhenAll(WakeAsync(), News.RunAsync(stop.Token));
                return Task.CompletedTask;
            },
            async _ =>
            {
                silos.UnSubscribeFromSiloStatusEvents(this);
                await stop.CancelAsync();
                await running;
            });
    }

    private string? TokenOf(string handle) =>
        agents.Agents[handle].Token is { } token ? token() : section[$"{IncidentAgentsHosting.Tokens}:{handle.TrimStart('@')}"];

    private async Task StopAsync(CancellationToken cancel)
    {
        await client.StopAsync(cancel);
        client.Dispose();
    }

    private async Task WakeAsync()
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = stop.Token };
        using var timer = new PeriodicTimer(WakeInterval);
        var allAt = Environment.TickCount64;
        try
        {
            do
            {
                if (wakeAll || Environment.TickCount64 >= allAt)
                {
                    wakeAll = false;
                    allAt = Environment.TickCount64 + (long)WakeAllInterval.TotalMilliseconds;
                    foreach (var handle in ids.Keys) asleep[handle] = true;
                }

                await Parallel.ForEachAsync(asleep.Keys, parallel, WakeAsync);
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async ValueTask WakeAsync(string handle, CancellationToken cancel)
    {
        try
        {
            asleep.TryRemove(handle, out _);
            await grains.GetGrain<IHostedAgentGrain>(ids[handle]).WakeAsync().WaitAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            asleep[handle] = true;
            LogAsleep(Log, handle, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Agent} could not be activated; it is tried again")]
    private static partial void LogAsleep(ILogger log, string agent, Exception error);
}
