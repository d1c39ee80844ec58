using IncidentActors.Core.Halts;

namespace IncidentActors.Client;

/// <summary>One halt.</summary>
public sealed class Halt
{
    private readonly CommandSender sender;
    private readonly IHalt actor;

    internal Halt(CommandSender sender, IHalt actor, string id) => (this.sender, this.actor, Id) = (sender, actor, id);

    public string Id { get; }

    /// <summary>The halt with its confirmations by silos and agents, or null: never raised.</summary>
    public Task<HaltView?> GetAsync(CancellationToken cancel = default) => sender.ReadAsync(actor.GetAsync, cancel);

    /// <summary>The halt now and after changes, such as confirmations, until it is lifted. Changes between two readings come as one.</summary>
    /// <exception cref="KeyNotFoundException">It was never raised.</exception>
    public IAsyncEnumerable<HaltView> WatchAsync(CancellationToken cancel = default) =>
        sender.WatchAsync(Id, actor.GetAsync, view => view.LiftedAt is not null, cancel);

    /// <summary>Lifts the halt, or the part of it that <paramref name="scope"/> covers.</summary>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public Task<CommandResult<HaltView>> LiftAsync(
        string? notes = null, HaltScope? scope = null, string? key = null, CancellationToken cancel = default)
    {
        var lift = new LiftHalt(scope, notes);
        return sender.SendAsync<HaltView>(key ?? sender.KeyFor(Id, lift), call => actor.DoAsync(lift, call), cancel);
    }
}
