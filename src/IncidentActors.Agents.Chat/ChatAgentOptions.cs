namespace IncidentActors.Agents.Chat;

/// <summary>The budget of a message, over all its turns in one activation of the agent.</summary>
public sealed class ChatAgentOptions
{
    /// <summary>Calls of the model.</summary>
    public int MaxCalls { get; set; } = 30;

    /// <summary>Tokens of requests and answers. The call that exceeds it is the last one. Where the model reports no usage, 4 characters count as a
    /// token.</summary>
    public long MaxTokens { get; set; } = 200_000;

    /// <summary>Who gets the escalation when the budget is used up. Where it is the agent itself or the sender of the message, the operator gets it.</summary>
    public string EscalateTo { get; set; } = "@pm";
}
