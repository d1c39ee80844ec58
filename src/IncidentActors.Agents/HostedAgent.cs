using IncidentActors.Core.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentActors.Agents;

/// <summary>
/// An agent that is written as a grain. It gets its messages one after the other. State is kept by <c>[PersistentState]</c>, and is not written under a
/// halt that covers the agent.
/// </summary>
public abstract class HostedAgent : Grain, IHostedAgentGrain
{
    private AgentInbox? inbox;

    /// <summary>The agent's handle, <c>@dev</c>.</summary>
    protected string Handle => this.GetPrimaryKeyString();

    /// <summary>
    /// One turn. If it returns, the message is acknowledged, unless the turn's commands have settled it. If it throws, the message comes again later;
    /// the journal escalates a message that is not settled in time. If a halt covers the work, the message comes again after the lift.
    /// </summary>
    protected abstract Task OnMessageAsync(MessageView message, AgentTurn turn);

    /// <summary>
    /// A timer that respects halts: a tick is skipped while a halt covers the agent or one of its ATPs. Ticks do not interleave with turns. The callback's
    /// token is cancelled when such a halt is raised, or when the silo stops.
    /// </summary>
    protected IGrainTimer RegisterAgentTimer(Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period) =>
        this.RegisterGrainTimer(cancel => TickAsync(callback, cancel), new GrainTimerCreationOptions(dueTime, period));

    Task IHostedAgentGrain.WakeAsync()
    {
        inbox ??= new AgentInbox(
            Handle, GrainContext, ServiceProvider.GetRequiredService<AgentRuntime>(), OnMessageAsync,
            (callback, options) => this.RegisterGrainTimer(callback, options));
        return Task.CompletedTask;
    }

    private async Task TickAsync(Func<CancellationToken, Task> callback, CancellationToken cancel)
    {
        try
        {
            using var tick = await ServiceProvider.GetRequiredService<AgentRuntime>().GateOf(Handle).BeginAsync(cancel);
            await callback(tick.Halted);
        }
        catch (HaltedException)
        {
            // The next tick looks again.
        }
    }
}
