using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Messages on an ATP: sent by agents, owed by rows, acknowledged, overdue.</summary>
internal static class AtpMessages
{
    public static Rejected? Send(AtpTurn turn, SendMessage send)
    {
        if (send.Type == MessageType.Handoff) return AtpHandoff.FromBody(turn, send);
        if (Refused(turn, send.To) is { } refused) return refused;
        var owed = OwedFor(turn, send);
        if (turn.State.Finished && owed is null)
            return Rejected.Conflict(Rules.AtpClosed, $"{turn.Id} is {turn.State.Status}; send the message on an open ATP.");
        Sent(turn, turn.Call.By, send.To, send.Type, send.Priority ?? owed?.Priority ?? turn.State.Priority, send.Subject, send.Body,
            send.RequiresAck ?? owed?.RequiresAck ?? RequiresAck(send.Type), owed?.Id);
        return null;
    }

    /// <summary>The owed message that this one is: of the caller's latest row that owes its kind to the recipient; or null.</summary>
    public static OwedMessage? OwedFor(AtpTurn turn, SendMessage send) =>
        turn.State.Owed.LastOrDefault(owed => owed.Type == send.Type && owed.To == send.To && owed.By == turn.Call.By);

    /// <summary>What the history entry owes: sent at once when the system took the row, else left to the agent for the grace time.</summary>
    public static void Owe(AtpTurn turn, int entry)
    {
        foreach (var owed in turn.State.Owed.Where(owed => owed.Entry == entry).ToList())
        {
            if (turn.Call.BySystem || turn.SystemStarted || turn.World.Policy.OwedGrace <= TimeSpan.Zero)
                SendOwed(turn, owed);
            else
                turn.StartClock($"owed:{owed.Id}", turn.World.Policy.OwedGrace, owed.By);
        }
    }

    public static void SendOwed(AtpTurn turn, OwedMessage owed) =>
        Sent(turn, Handle.System, owed.To, owed.Type, owed.Priority, owed.Subject, owed.Body, owed.RequiresAck, owed.Id);

    public static Rejected? Post(AtpTurn turn, PostNotice notice)
    {
        Sent(turn, Handle.System, notice.To, notice.Type, notice.Priority, notice.Subject, notice.Body, notice.RequiresAck, null);
        return null;
    }

    /// <summary>The system tells somebody something that nobody has to acknowledge.</summary>
    public static void Notify(AtpTurn turn, string to, MessageType type, Priority priority, string subject, string body) =>
        Sent(turn, Handle.System, to, type, priority, subject, body, requiresAck: false, settles: null);

    public static Rejected? Acknowledge(AtpTurn turn, AcknowledgeMessage acknowledge)
    {
        var id = turn.State.MessageId(acknowledge.Number);
        if (!turn.State.OpenMessages.TryGetValue(acknowledge.Number, out var open))
        {
            return acknowledge.Number <= turn.State.MessageCount
                ? Rejected.Conflict(Rules.MessageAcked, $"{id} has been acknowledged already.")
                : Unknown(id);
        }

        if (open.To != turn.Call.By)
            return Rejected.Role(Rules.MessageForeign, $"{id} was sent to {open.To}; only {open.To} acknowledges it.");
        turn.Happen(new MessageAcknowledged(acknowledge.Number, acknowledge.Notes));
        turn.StopClock($"ack:{acknowledge.Number}");
        turn.Decision.Tells("messageId", id);
        if (open.Type is not (MessageType.Directive or MessageType.EmergencyDirective) || turn.State.Finished) return null;
        AtpIncident.Acknowledged(turn, acknowledge.Notes);
        var row = turn.Flow.From(turn.State.Status).FirstOrDefault(row => row.Tools.Contains(Tools.Ack) && AtpRows.HasRole(turn, row.Role));
        if (row is null || turn.State.History.Any(entry => entry.Row == row.Number) || AtpRequirements.Unmet(turn, row) is not null) return null;
        if (turn.State.Owner != turn.Call.By) turn.Happen(new AtpOwned(turn.Call.By));
        AtpRows.Take(turn, row, acknowledge.Notes, Tools.Ack);
        return null;
    }

    public static Rejected Unknown(string id) =>
        Rejected.Unknown(Rules.MessageUnknown, $"There is no message {id}; fetch the inbox for the ids.");

    /// <summary>The recipient is known, somebody else, and the ATP has room for another open message; or why not.</summary>
    public static Rejected? Refused(AtpTurn turn, string to)
    {
        if (to == turn.Call.By)
            return new Rejected(Rules.MessageToSelf, $"{to} cannot send a message to itself; add a note instead.");
        if (turn.World.Agent(to) is null) return AgentDecider.Unknown(to);
        return turn.State.OpenMessages.Count >= turn.World.Policy.OpenMessagesPerAtp
            ? Rejected.Conflict(Rules.MessageBacklog, $"{turn.Id} has {turn.State.OpenMessages.Count} unacknowledged messages; let them be acknowledged first.")
            : null;
    }

    public static int Sent(
        AtpTurn turn, string from, string to, MessageType type, Priority priority, string subject, string body, bool requiresAck, string? settles)
    {
        var number = turn.State.MessageCount + 1;
        turn.Happen(new MessageSent(number, from, to, type, priority, subject, body, requiresAck, settles));
        if (settles is not null) turn.StopClock($"owed:{settles}");
        if (requiresAck) turn.StartClock($"ack:{number}", Policies.Policy.AckWithin(priority), to);
        turn.Decision.Tells("messageId", turn.State.MessageId(number));
        return number;
    }

    private static bool RequiresAck(MessageType type) =>
        type is MessageType.Directive or MessageType.EmergencyDirective or MessageType.Escalation or MessageType.Blocker;
}
