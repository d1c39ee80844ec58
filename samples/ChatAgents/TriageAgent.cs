using IncidentActors.Agents.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace ChatAgents;

public sealed class TriageAgent(IChatClient model, IOptionsMonitor<ChatAgentOptions> options) : ChatAgent(model, options)
{
    protected override string Instructions =>
        "You triage incidents for @pm. Look at the ATP and its incident, add what you find as an artifact of type Assessment, and send @pm a StatusUpdate.";
}
