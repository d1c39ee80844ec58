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
internal sealed partial class AgentRuntime : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>How often each silo makes sure that every agent is active.</summary>
    private static readonly TimeSpan WakeInterval = TimeSpan.FromSeconds(2);

    private readonly IncidentAgentsBuilder agents;
    private readonly IConfiguration section;
    private readonly IGrainFactory grains;
    private readonly Dictionary<string, GrainId> ids;
    private readonly ConcurrentDictionary<string, WorkGate> gates = [];
    private readonly IHost client;
    private readonly CancellationTokenSource stop = new();
    private Task waking = Task.CompletedTask;

    public AgentRuntime(
        IncidentAgentsBuilder agents, IConfiguration section, IGrainFactory grains, GrainTypeResolver types, KeyOf keyOf, ILoggerFactory logs)
    {
        (this.agents, this.section, this.grains, KeyOf) = (agents, section, grains, keyOf);
        Log = logs.CreateLogger<AgentRuntime>();
        ids = agents.Agents.ToDictionary(agent => agent.Key, agent => GrainId.Create(types.GetGrainType(agent.Value.Type), agent.Key));
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Services.AddSingleton(logs);
        host.Services.AddIncidentClient(section, agents.ConfigureClient);
        client = host.Build();
    }

    public ILogger Log { get; }

    public KeyOf KeyOf { get; }

    public TimeSpan PollInterval => client.Services.GetRequiredService<IOptionsMonitor<IncidentClientOptions>>().CurrentValue.PollInterval;

    /// <param name="keyOf">Null: each command has a new key.</param>
    /// <param name="ends">When it is cancelled, no command is sent any more.</param>
    public IncidentClient ClientOf(string handle, Func<string, ICommand, string>? keyOf = null, CancellationToken ends = default) =>
        client.Services.GetRequiredService<IncidentClient>().As(new CallerIdentity(handle, () => TokenOf(handle), keyOf, ends));

    public WorkGate GateOf(string handle) => gates.GetOrAdd(handle, one => new WorkGate(one, ClientOf(one)));

    /// <summary>The handle of the agent that this grain runs; null if the grain is not a hosted agent.</summary>
    public string? HandleOf(GrainId grain) =>
        grain.Key.ToString() is { } handle && ids.TryGetValue(handle, out var id) && id == grain ? handle : null;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(AgentRuntime), ServiceLifecycleStage.ApplicationServices, client.StartAsync, StopAsync);
        lifecycle.Subscribe(
            nameof(AgentRuntime), ServiceLifecycleStage.Active,
            _ =>
            {
                waking = WakeAsync();
                return Task.CompletedTask;
            },
            async _ =>
            {
                await stop.CancelAsync();
                await waking;
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
        using var timer = new PeriodicTimer(WakeInterval);
        try
        {
            do
            {
                await Task.WhenAll(ids.Values.Select(WakeAsync));
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task WakeAsync(GrainId agent)
    {
        try
        {
            await grains.GetGrain<IHostedAgentGrain>(agent).WakeAsync().WaitAsync(stop.Token);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogAsleep(Log, agent.Key.ToString()!, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Agent} could not be activated; it is tried again")]
    private static partial void LogAsleep(ILogger log, string agent, Exception error);
}
