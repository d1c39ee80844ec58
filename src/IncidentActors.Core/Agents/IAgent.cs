using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

/// <summary>One agent: its turns, its inbox, its knowing of halts.</summary>
public interface IAgent
{
    /// <summary>Registers the handle or acknowledges a halt; a refusal is a <see cref="Rejected"/>.</summary>
    Task<Outcome> DoAsync(AgentCommand command, Call call);

    /// <summary>Begins a turn: confirms the halts that cover the agent, finds set-aside work again, and gives the open messages, P0 first.</summary>
    /// <param name="limit">Messages at most, 1 to 1000.</param>
    Task<InboxAnswer> FetchInboxAsync(Call call, int limit);

    /// <summary>What <see cref="FetchInboxAsync"/> would give, without briefings. Begins no turn and confirms no halt, so it may be called to wait.</summary>
    /// <param name="limit">Messages at most, 1 to 1000.</param>
    Task<InboxAnswer> PeekInboxAsync(Call call, int limit);

    /// <summary>The agent as of the last commit, or null: not known.</summary>
    Task<AgentView?> GetAsync();
}

/// <summary>The inbox, or why it is not available.</summary>
public sealed record InboxAnswer(InboxView? Inbox, Outcome? Refusal);

/// <summary>What may be worth a look into an inbox.</summary>
/// <param name="Halts">A halt was raised or lifted. Which one it was, only the inboxes say that it concerns.</param>
/// <param name="Inboxes">Handles of watched inboxes that were sent a message.</param>
public sealed record InboxNews(bool Halts, ImmutableArray<string> Inboxes);
