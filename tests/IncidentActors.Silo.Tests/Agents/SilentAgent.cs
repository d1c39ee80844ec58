using IncidentActors.Agents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Silo.Tests.Agents;

/// <summary>Takes note of its messages.</summary>
public sealed class SilentAgent : HostedAgent
{
    protected override Task OnMessageAsync(MessageView message, AgentTurn turn) => Task.CompletedTask;
}
