namespace IncidentActors.Agents.Chat;

/// <summary>The budget of a message is used up. The message is escalated and is not acknowledged.</summary>
public sealed class ChatBudgetException : Exception
{
    internal ChatBudgetException(string message)
        : base(message)
    {
    }
}
