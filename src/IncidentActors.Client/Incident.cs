using IncidentActors.Core.Incidents;

namespace IncidentActors.Client;

/// <summary>One incident.</summary>
public sealed class Incident
{
    private readonly CommandSender sender;
    private readonly IIncident actor;

    internal Incident(CommandSender sender, IIncident actor, string id, IncidentView? declared = null) =>
        (this.sender, this.actor, Id, Declared) = (sender, actor, id, declared);

    public string Id { get; }

    /// <summary>The answer to its declaration: <see cref="IncidentView.Created"/> is false if it was ongoing before. Null: it was obtained by its
    /// id.</summary>
    public IncidentView? Declared { get; }

    /// <summary>The incident as of the last commit, or null: not declared.</summary>
    public Task<IncidentView?> GetAsync(CancellationToken cancel = default) => sender.ReadAsync(actor.GetAsync, cancel);

    /// <summary>The incident now and after changes, until it is closed or canceled. Changes between two readings come as one.</summary>
    /// <exception cref="KeyNotFoundException">It is not declared.</exception>
    public IAsyncEnumerable<IncidentView> WatchAsync(CancellationToken cancel = default) =>
        sender.WatchAsync(Id, actor.GetAsync, view => view.Status is IncidentStatus.Closed or IncidentStatus.Canceled, cancel);

    /// <summary>Any command of an incident: <see cref="AcknowledgeIncident"/>, <see cref="NoteIncident"/>, <see cref="ResolveIncident"/>, …</summary>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public Task<CommandResult<IncidentView>> DoAsync(IncidentCommand command, string? key = null, CancellationToken cancel = default) =>
        sender.SendAsync<IncidentView>(key ?? sender.KeyFor(Id, command), call => actor.DoAsync(command, call), cancel);
}
