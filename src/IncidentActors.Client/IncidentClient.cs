using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Silo;
using IncidentActors.Silo.Agents;
using Microsoft.Extensions.Options;

namespace IncidentActors.Client;

/// <summary>
/// A cluster as its services use it. A command is sent with one idempotency key until its outcome is known or the caller's token is cancelled. A refusal is
/// a <see cref="CommandResult{T}"/>. A reading that the caller may not make is an <see cref="UnauthorizedAccessException"/>.
/// </summary>
public sealed class IncidentClient
{
    private readonly ClusterActors actors;
    private readonly CommandSender sender;

    public IncidentClient(ClusterActors actors, IOptionsMonitor<IncidentClientOptions> options)
        : this(actors, new CommandSender(options, null))
    {
    }

    private IncidentClient(ClusterActors actors, CommandSender sender) => (this.actors, this.sender) = (actors, sender);

    /// <summary>The same cluster for another agent.</summary>
    /// <param name="handle">The caller, such as <c>@dev</c>.</param>
    /// <param name="token">Its access token; null: the client's own.</param>
    public IncidentClient As(string handle, string? token = null) => As(new CallerIdentity(handle, () => token));

    internal IncidentClient As(CallerIdentity caller) => new(actors, sender.As(caller));

    /// <summary>What <see cref="FetchInboxAsync"/> would give; begins no turn and confirms no halt.</summary>
    internal Task<InboxView> PeekInboxAsync(CancellationToken cancel) =>
        sender.ReadInboxAsync(call => actors.Agent(sender.Handle).PeekInboxAsync(call, MessageListener.MaxMessages), cancel);

    /// <summary>Begins the agent's next turn, and confirms the halts that cover the agent.</summary>
    internal Task<InboxView> FetchInboxAsync(CancellationToken cancel) =>
        sender.ReadInboxAsync(call => actors.Agent(sender.Handle).FetchInboxAsync(call, MessageListener.MaxMessages), cancel);

    /// <summary>Adds the agent's inbox to those that <see cref="NextNewsAsync"/> tells about.</summary>
    /// <param name="key">Of the client that waits, as in <see cref="IInboxNewsGrain"/>.</param>
    internal Task WatchInboxAsync(string key, CancellationToken cancel) =>
        sender.AskAsync(
            async call =>
            {
                await actors.InboxNews(key).WatchAsync(call);
                return true;
            },
            cancel);

    /// <summary>Waits for news of all inboxes that were added under the key. Null: that of the agent is not among them.</summary>
    internal Task<InboxNews?> NextNewsAsync(string key, CancellationToken cancel) =>
        sender.AskAsync(call => actors.InboxNews(key).NextAsync(call, sender.ResponseTimeout / 2), cancel);

    /// <summary>Says that the agent has stopped under the halt, or has read what changed under it.</summary>
    internal Task<CommandResult<AgentView>> AcknowledgeHaltAsync(string haltId, CancellationToken cancel) =>
        sender.SendAsync<AgentView>(
            CommandSender.NewKey(), call => actors.Agent(sender.Handle).DoAsync(new AcknowledgeHalt(haltId), call), cancel);

    /// <summary>Declares an incident, or joins the ongoing one with the same deduplication key.</summary>
    /// <param name="severity">Null: from the labels and the text.</param>
    /// <param name="more">Labels, deduplication key, …</param>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public Task<CommandResult<Incident>> DeclareAsync(
        string title, Severity? severity = null, Action<Declaration>? more = null, string? key = null, CancellationToken cancel = default)
    {
        var declaration = new Declaration(new DeclareIncident(title, severity));
        more?.Invoke(declaration);
        return sender.SendAsync(
            key ?? sender.KeyFor("", declaration.Command),
            call => actors.DeclareAsync(declaration.Command, call),
            accepted => Declared(CommandSender.View<IncidentView>(accepted)),
            cancel);

        Incident Declared(IncidentView view) => new(sender, actors.Incident(view.Id), view.Id, view);
    }

    /// <summary>The incident with this id, which need not exist.</summary>
    public Incident Incident(string id) => new(sender, actors.Incident(id), id);

    /// <summary>The ATP with this id, which need not exist.</summary>
    public Atp Atp(string id) => new(sender, actors.Atp(id), id);

    /// <summary>The halt with this id, which need not exist.</summary>
    public Halt Halt(string id) => new(sender, actors.Halt(id), id);

    /// <summary>
    /// The caller's messages as they come: each open one once, most urgent first, and none whose work a halt covers. Asking for the next message begins
    /// the agent's next turn when there is one, and confirms the halts that cover the agent. Two enumerations give the same messages.
    /// </summary>
    /// <exception cref="InvalidOperationException">No handle is configured.</exception>
    public IAsyncEnumerable<ReceivedMessage> ReceiveAsync(CancellationToken cancel = default) =>
        sender.ReceiveAsync(actors.Agent(sender.Handle), Atp, cancel);

    /// <summary>Raises a halt. When it is accepted, no turn that it covers is committed any more.</summary>
    /// <param name="incidentId">Work on this incident continues; null: on none.</param>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public Task<CommandResult<Halt>> RaiseHaltAsync(
        HaltScope scope, string reason, string? incidentId = null, HaltMode mode = HaltMode.Enforce, string? key = null, CancellationToken cancel = default)
    {
        var raise = new RaiseHalt(scope, reason, incidentId, mode);
        key ??= sender.KeyFor("", raise);
        var halt = Halt($"HLT-{IdOf(key)}");
        return sender.SendAsync(key, call => actors.Halt(halt.Id).DoAsync(raise, call), _ => halt, cancel);
    }

    /// <summary>Requests a permit for an outside action. Keep the permit until the action has ended, and stop the action
    /// when <see cref="Permit.Halted"/> is cancelled.</summary>
    /// <param name="action">Such as <c>deploy</c>.</param>
    /// <param name="target">The service that it changes.</param>
    /// <param name="environment">Such as <c>production</c>.</param>
    /// <param name="digest">Digest of what the action uses: of an image, or the SHA-256 of a command.</param>
    /// <param name="atpId">The ATP that it is part of.</param>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public Task<CommandResult<Permit>> RequestPermitAsync(
        string action, string? target = null, string? environment = null, string? digest = null, string? atpId = null, string? key = null,
        CancellationToken cancel = default)
    {
        key ??= CommandSender.NewKey();
        var grain = actors.Permit($"PRM-{IdOf(key)}");
        var asked = Permit.Now;
        return sender.SendAsync(
            key,
            call => grain.DoAsync(new RequestPermit(action, target, environment, digest, atpId), call),
            accepted => new Permit(sender, grain, CommandSender.View<PermitView>(accepted), asked),
            cancel);
    }

    /// <summary>The same key gives the same id, so that a repeated command reaches the same actor.</summary>
    private static string IdOf(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];
}
