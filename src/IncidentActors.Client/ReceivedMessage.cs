using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;

namespace IncidentActors.Client;

/// <summary>A message with which the agent's turn began.</summary>
public sealed class ReceivedMessage
{
    private readonly int number;

    internal ReceivedMessage(MessageView message, InboxView inbox, Func<string, Atp> atps)
    {
        if (!MessageIds.TryParse(message.Id, out var atp, out number)) throw new FormatException($"{message.Id} is not a message id.");
        (Message, Inbox, Atp) = (message, inbox, atps(atp));
    }

    public MessageView Message { get; }

    /// <summary>The inbox as it was when the turn began: halts that cover the agent, and what changed under those that are over.</summary>
    public InboxView Inbox { get; }

    /// <summary>The ATP that the message belongs to.</summary>
    public Atp Atp { get; }

    /// <summary>Says that the agent has the message and works on it.</summary>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public Task<CommandResult<AtpView>> AcknowledgeAsync(string? notes = null, string? key = null, CancellationToken cancel = default) =>
        Atp.DoAsync(new AcknowledgeMessage(number, notes), key, cancel);
}
