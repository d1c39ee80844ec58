using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Atps;

/// <summary>Messages on an ATP: sent by agents, owed by rows, acknowledged, overdue.</summary>
internal static class AtpMessages
{
    public static Rejected? Send(AtpTurn turn, SendMessage send)
    {
        if (send.Type == MessageType.Handoff) return AtpHandoff.FromBody(turn, send);
        if (Refused(turn, send.To) is { } refused) return refused;
        var owed = OwedFor(turn, send);
        if (turn.State.Finished && owed is null && !AtpClosure.IsNotice(turn, send))
            return Rejected.Conflict(Rules.AtpClosed, $"{turn.Id} is {turn.State.Status}; send the message on an open ATP.");
        if (Repeated(turn, send) is { } same)
            turn.Decision.Warnings.Add($"{turn.State.MessageId(same.Number)} said the same to {same.To} at {same.At:u}. It was sent again.");
        var meaning = MessageTypes.Of(send.Type);
        var mayDirect = AtpFields.MayChange(turn);
        var silent = send.Type == MessageType.Acknowledgment && IsSilent(turn);
        if (!silent) Answered(turn, send.To);
        var requiresAck = send.RequiresAck ?? owed?.RequiresAck ?? meaning.Answer;
        var number = Sent(
            turn, turn.Call.By, send.To, send.Type, send.Priority ?? owed?.Priority ?? turn.State.Priority, send.Subject, AtpDetails.Text(send),
            requiresAck, owed?.Id);
        if (requiresAck && AtpDetails.Deadline(turn, send) is { } deadline) turn.StartClock($"ack:{number}", deadline - turn.Call.At, send.To);
        if (silent)
        {
            turn.Decision.Warnings.Add(NotUsed);
            Withdraw(turn, number, NotUsed);
        }

        if (meaning.Owns && mayDirect && turn.Id != AtpDecider.General) Own(turn, send.To);
        return null;
    }

    /// <summary>The handle becomes the owner of the open ATP.</summary>
    public static void Own(AtpTurn turn, string handle)
    {
        if (turn.State.Owner != handle && !turn.State.Finished) turn.Add(new AtpOwned(handle));
    }

    /// <summary>What the caller sent to the same recipient with the same subject a short time ago, or null.</summary>
    public static RecentMessage? Repeated(AtpTurn turn, SendMessage send) => turn.State.Recent.LastOrDefault(known =>
        known.From == turn.Call.By && known.To == send.To && known.Subject == send.Subject && turn.Call.At - known.At < turn.World.Policy.RepeatedWithin);

    /// <summary>The owed message that this one is: of the caller's latest row that owes its kind to the recipient; or null.</summary>
    public static OwedMessage? OwedFor(AtpTurn turn, SendMessage send) =>
        turn.State.Owed.LastOrDefault(owed => owed.Type == send.Type && owed.To == send.To && owed.By == turn.Call.By);

    /// <summary>What the history entry owes: sent at once when the system took the row, else left to the agent for the grace time.</summary>
    public static void Owe(AtpTurn turn, int entry)
    {
        foreach (var owed in turn.State.Owed.Where(owed => owed.Entry == entry).ToList())
        {
            if (turn.Call.BySystem || turn.SystemStarted || AtOnce(turn, entry) || turn.World.Policy.OwedGrace <= TimeSpan.Zero)
                SendOwed(turn, owed);
            else
                turn.StartClock($"owed:{owed.Id}", turn.World.Policy.OwedGrace, owed.By);
        }
    }

    /// <summary>The messages of automatic rows and of rollbacks (seed 004) are sent at once, without waiting for an agent to send them.</summary>
    private static bool AtOnce(AtpTurn turn, int entry) =>
        turn.Flow.Rows.FirstOrDefault(row => row.Number == turn.State.History[entry - 1].Row) is { } row && (row.Automatic || row.Rollback);

    /// <summary>The ATP has left the state: what earlier rows ordered there is not sent any more, and what was sent is void.</summary>
    /// <param name="entry">The history entry that left it.</param>
    public static void Left(AtpTurn turn, int entry)
    {
        var reason = $"{turn.Id} has gone on to {turn.State.Status}";
        WithdrawOwed(turn, turn.State.Owed.Where(owed => owed.Entry < entry && owed.Type != MessageType.HITLNotification), reason);
        foreach (var (number, _) in turn.State.OpenMessages.Where(open => open.Value is { Orders: true, Entry: { } of } && of < entry).ToList())
            Withdraw(turn, number, reason);
    }

    /// <summary>The ATP is over: its orders are void. Notifications and handoffs stay until its incident is closed, and leave where there is none.</summary>
    public static void Closed(AtpTurn turn, string reason)
    {
        var leaving = turn.State.OpenMessages.Where(open =>
            open.Value.RequiresAck || open.Value.Orders || (turn.State.IncidentId is null && !IsOfClosure(turn, open.Value)));
        foreach (var (number, _) in leaving.ToList()) Withdraw(turn, number, reason);
    }

    /// <summary>The agent that closes has just notified the operator: report, closing and notice may come in any order in one batch.</summary>
    private static bool IsOfClosure(AtpTurn turn, OpenMessage open) =>
        open is { Type: MessageType.HITLNotification, To: Handle.Operator } && open.From == turn.Call.By && turn.Call.At - open.SentAt < Batch;

    private static readonly TimeSpan Batch = TimeSpan.FromMinutes(1);

    /// <summary>Messages that ask for nothing have been there long enough to be read: they leave the inboxes.</summary>
    public static void NoticesOver(AtpTurn turn)
    {
        var kept = turn.World.Policy.NoticesKept;
        var notices = turn.State.OpenMessages.Where(open => Leaves(open.Value)).ToList();
        foreach (var (number, _) in notices.Where(open => open.Value.SentAt + kept <= turn.Call.At)) Withdraw(turn, number, "it asks for nothing and is old");
        var rest = notices.Where(open => open.Value.SentAt + kept > turn.Call.At).Select(open => open.Value.SentAt).ToList();
        if (rest.Count > 0) turn.StartClock(NoticesClock, rest.Min() + kept - turn.Call.At, null);
    }

    /// <summary>Rings when the oldest message that asks for nothing has been kept long enough.</summary>
    public const string NoticesClock = "notices";

    private static bool Leaves(OpenMessage open) => open is { RequiresAck: false, Orders: false, About: null };

    /// <summary>Withdraws all open and owed messages.</summary>
    public static void WithdrawAll(AtpTurn turn, string reason)
    {
        WithdrawOwed(turn, turn.State.Owed, reason);
        foreach (var (number, _) in turn.State.OpenMessages) Withdraw(turn, number, reason);
    }

    /// <summary>The approval is decided or void: requests for it are withdrawn.</summary>
    public static void WithdrawAbout(AtpTurn turn, string about, string reason)
    {
        foreach (var (number, _) in turn.State.OpenMessages.Where(open => open.Value.About == about).ToList()) Withdraw(turn, number, reason);
    }

    /// <summary>Acknowledges the orders to the caller on this ATP, because it acted on them (decision 0014). Without an incident it acknowledges all
    /// messages to the caller on this ATP, except requests for approvals.</summary>
    public static void Acted(AtpTurn turn) =>
        Settle(turn, open => open is { RequiresAck: true, Orders: true } || (turn.State.IncidentId is null && open.About is null), "acted on it");

    /// <summary>Acknowledgements are not used on the work: a clock runs until the recipient acts.</summary>
    public static bool IsSilent(AtpTurn turn) =>
        turn.World.Policy.AnswerBy == AnswerPolicy.Acting && turn is { Exists: true, State.IncidentId: null };

    private const string NotUsed = "Acknowledgements are not used here: acting on the work is enough.";

    /// <summary>Where acknowledgements are not used, whatever the recipient does on the ATP settles what was sent to it there.</summary>
    public static void ActedSilently(AtpTurn turn, AtpCommand command)
    {
        if (turn.Call.BySystem || !IsSilent(turn) || turn.Id == AtpDecider.General) return;
        if (command is not (AcknowledgeMessage or SendMessage { Type: MessageType.Acknowledgment })) Acted(turn);
    }

    /// <summary>Writing back settles what the other had asked.</summary>
    private static void Answered(AtpTurn turn, string other)
    {
        if (turn.State.IncidentId is null) Settle(turn, open => open.From == other && open.About is null, "answered it");
    }

    private static void Settle(AtpTurn turn, Func<OpenMessage, bool> which, string how)
    {
        foreach (var (number, _) in turn.State.OpenMessages.Where(open => open.Value.To == turn.Call.By && which(open.Value)).ToList())
        {
            turn.Add(new MessageAcknowledged(number, how));
            turn.StopClock($"ack:{number}");
        }
    }

    private static void Withdraw(AtpTurn turn, int number, string reason)
    {
        turn.Add(new MessageWithdrawn(number, reason));
        turn.StopClock($"ack:{number}");
    }

    private static void WithdrawOwed(AtpTurn turn, IEnumerable<OwedMessage> owed, string reason)
    {
        var ids = owed.Select(one => one.Id).ToImmutableArray();
        if (ids.IsEmpty) return;
        turn.Add(new AtpOwedWithdrawn(ids, reason));
        foreach (var id in ids) turn.StopClock($"owed:{id}");
    }

    public static void SendOwed(AtpTurn turn, OwedMessage owed) =>
        Sent(turn, Handle.System, owed.To, owed.Type, owed.Priority, owed.Subject, owed.Body, owed.RequiresAck, owed.Id);

    public static Rejected? Post(AtpTurn turn, PostNotice notice)
    {
        Sent(turn, Handle.System, notice.To, notice.Type, notice.Priority, notice.Subject, notice.Body, notice.RequiresAck, null);
        return null;
    }

    /// <summary>A message from the system that needs no acknowledgement.</summary>
    /// <param name="about">The approval that it asks for, or null.</param>
    public static void Notify(AtpTurn turn, string to, MessageType type, Priority priority, string subject, string body, string? about = null) =>
        Sent(turn, Handle.System, to, type, priority, subject, body, requiresAck: false, settles: null, about);

    public static Rejected? Acknowledge(AtpTurn turn, AcknowledgeMessage acknowledge)
    {
        var id = turn.State.MessageId(acknowledge.Number);
        if (!turn.State.OpenMessages.TryGetValue(acknowledge.Number, out var open))
        {
            return acknowledge.Number <= turn.State.MessageCount
                ? Rejected.Conflict(Rules.MessageAcked, $"{id} is not open: it was acknowledged or withdrawn.")
                : Unknown(id);
        }

        if (open.To != turn.Call.By)
            return Rejected.Role(Rules.MessageForeign, $"{id} was sent to {open.To}; only {open.To} acknowledges it.");
        turn.Add(new MessageAcknowledged(acknowledge.Number, acknowledge.Notes));
        turn.StopClock($"ack:{acknowledge.Number}");
        turn.Decision.AddFact("messageId", id);
        if (IsSilent(turn)) turn.Decision.Warnings.Add(NotUsed);
        if (!MessageTypes.Of(open.Type).Owns || turn.State.Finished) return null;
        AtpIncident.Acknowledged(turn, acknowledge.Notes);
        var row = turn.Flow.From(turn.State.Status).FirstOrDefault(row => row.Tools.Contains(Tools.Ack) && AtpRows.HasRole(turn, row.Role));
        if (row is null && open.From != Handle.System && turn.Id != AtpDecider.General) Own(turn, turn.Call.By);
        if (row is null || turn.State.History.Any(entry => entry.Row == row.Number) || AtpRequirements.Unmet(turn, row) is not null) return null;
        if (turn.State.Owner != turn.Call.By) turn.Add(new AtpOwned(turn.Call.By));
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
            ? Rejected.Conflict(Rules.MessageBacklog, $"{turn.Id} has {turn.State.OpenMessages.Count} open messages, the limit: acknowledge some first.")
            : null;
    }

    public static int Sent(
        AtpTurn turn, string from, string to, MessageType type, Priority priority, string subject, string body, bool requiresAck, string? settles,
        string? about = null)
    {
        var number = turn.State.MessageCount + 1;
        turn.Add(new MessageSent(number, from, to, type, priority, subject, body, requiresAck, settles, about));
        if (settles is not null) turn.StopClock($"owed:{settles}");
        if (requiresAck) turn.StartClock($"ack:{number}", Policy.AnswerWithin(priority, IsSilent(turn)), to);
        if (turn.State is { IncidentId: null, OpenMessages: var messages } && messages.Values.Count(Leaves) == 1 && Leaves(messages[number]))
            turn.StartClock(NoticesClock, turn.World.Policy.NoticesKept, null);
        turn.Decision.AddFact("messageId", turn.State.MessageId(number));
        return number;
    }
}
