using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;

namespace IncidentActors.Client;

/// <summary>One ATP.</summary>
public sealed class Atp
{
    private readonly CommandSender sender;
    private readonly IAtp actor;

    internal Atp(CommandSender sender, IAtp actor, string id) => (this.sender, this.actor, Id) = (sender, actor, id);

    public string Id { get; }

    /// <summary>The ATP as of the last commit, or null: not created.</summary>
    public Task<AtpView?> GetAsync(CancellationToken cancel = default) => sender.ReadAsync(actor.GetAsync, cancel);

    /// <summary>Any command of an ATP: <see cref="CreateAtp"/>, <see cref="SendMessage"/>, <see cref="HandOff"/>, <see cref="ChangeStatus"/>, …</summary>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    /// <exception cref="ArgumentException">The command decides an approval, which <see cref="DecideAsync"/> does.</exception>
    public Task<CommandResult<AtpView>> DoAsync(AtpCommand command, string? key = null, CancellationToken cancel = default) =>
        command is SettleApproval
            ? throw new ArgumentException($"{nameof(SettleApproval)} is sent by {nameof(DecideAsync)}.", nameof(command))
            : sender.SendAsync<AtpView>(key ?? sender.KeyFor(Id, command), call => actor.DoAsync(command, call), cancel);

    /// <summary>Approves or rejects one of <see cref="AtpView.Approvals"/>.</summary>
    /// <param name="key">Idempotency key, to send a command again after an <see cref="UnknownOutcomeException"/>; null: a new one.</param>
    public Task<CommandResult<ApprovalView>> DecideAsync(
        string approvalId, DecideApproval decision, string? key = null, CancellationToken cancel = default) =>
        sender.SendAsync<ApprovalView>(
            key ?? sender.KeyFor(approvalId, decision), call => actor.DoAsync(new SettleApproval(approvalId, decision), call), cancel);
}
