using System.Runtime.CompilerServices;
using IncidentActors.Core.Agents;

namespace IncidentActors.Client;

/// <summary>Gives an agent its messages one after the other.</summary>
internal static class MessageListener
{
    /// <summary>The longest inbox that a silo gives.</summary>
    public const int MaxMessages = 1000;

    /// <summary>Each open message once, most urgent first. Waiting begins no turn; giving a message does.</summary>
    public static async IAsyncEnumerable<ReceivedMessage> ReceiveAsync(
        this CommandSender sender, IAgent agent, Func<string, Atp> atps, [EnumeratorCancellation] CancellationToken cancel)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var waiting = await sender.ReadInboxAsync(call => agent.PeekInboxAsync(call, MaxMessages), cancel);

            // A message that is missing from a whole inbox is settled. One that is missing from a full page may come back.
            if (waiting.Messages.Length < MaxMessages) given.IntersectWith(waiting.Messages.Select(message => message.Id));
            if (Next(waiting) is not null)
            {
                var inbox = await sender.ReadInboxAsync(call => agent.FetchInboxAsync(call, MaxMessages), cancel);
                if (Next(inbox) is { } message)
                {
                    given.Add(message.Id);
                    yield return new ReceivedMessage(message, inbox, atps);
                    continue;
                }
            }

            await Task.Delay(sender.PollInterval, cancel);
        }

        Core.Messages.MessageView? Next(InboxView inbox) => inbox.Messages.FirstOrDefault(message => !message.Held && !given.Contains(message.Id));
    }
}
