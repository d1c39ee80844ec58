using IncidentActors.Client;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;

namespace IncidentActors.Agents;

/// <summary>What an agent does about one message. It ends when <see cref="HostedAgent.OnMessageAsync"/> returns or throws.</summary>
public sealed class AgentTurn
{
    private readonly int number;
    private readonly OpenWork work;

    internal AgentTurn(MessageView message, InboxView inbox, OpenWork work, IncidentClient incidents, int attempt)
    {
        if (!MessageIds.TryParse(message.Id, out var atp, out number)) throw new FormatException($"{message.Id} is not a message id.");
        (Message, Inbox, this.work, Incidents, Attempt, Atp) = (message, inbox, work, incidents, attempt, incidents.Atp(atp));
    }

    public MessageView Message { get; }

    /// <summary>The inbox when the turn began: the agent's work, halts that cover other work of it, and as <see cref="InboxView.Briefing"/> what changed
    /// under halts that are over.</summary>
    public InboxView Inbox { get; }

    /// <summary>Cancelled when a halt covers the work, or the silo stops. The journal refuses the turn's commands then.</summary>
    public CancellationToken Halted => work.Halted;

    /// <summary>1, or more when the message has come again to this activation of the agent.</summary>
    public int Attempt { get; }

    /// <summary>
    /// The cluster in the agent's name. Commands without a key have one that is derived from the message, the command and how often the turn has sent
    /// it: when the message comes again they are applied once. No command is sent after the turn.
    /// </summary>
    public IncidentClient Incidents { get; }

    /// <summary>The ATP that the message belongs to.</summary>
    public Atp Atp { get; }

    /// <summary>Settles the message before the turn ends, so that a long turn is not escalated. If the silo is lost after it, the message does not come
    /// again.</summary>
    public Task<CommandResult<AtpView>> AcknowledgeAsync(string? notes = null, CancellationToken cancel = default) =>
        Atp.DoAsync(new AcknowledgeMessage(number, notes), cancel: cancel);

    /// <summary>Permission for one outside action. Pass <see cref="Permit.Halted"/> to the action, and report its end by
    /// <see cref="Permit.ReleaseAsync"/>. Each attempt asks for a permit of its own: an outside action is not deduplicated.</summary>
    /// <param name="action">Such as <c>deploy</c>.</param>
    /// <param name="target">The service that it changes.</param>
    /// <param name="environment">Such as <c>production</c>.</param>
    /// <param name="digest">Of exactly what is done: an image, or SHA-256 of a command.</param>
    /// <exception cref="PermitRefusedException">It is refused.</exception>
    public async Task<Permit> PermitAsync(string action, string? target = null, string? environment = null, string? digest = null) =>
        await Incidents.RequestPermitAsync(action, target, environment, digest, Atp.Id, cancel: Halted) is var result && result.IsAccepted
            ? result.Value
            : throw new PermitRefusedException(result.Refusal!);
}
