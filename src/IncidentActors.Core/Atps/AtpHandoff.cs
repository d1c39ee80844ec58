using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Handing an ATP over: what is done, what is pending, what proves it (seeds 000 and 001): all three, or it is refused.</summary>
internal static class AtpHandoff
{
    private static readonly ImmutableArray<string> Sections = ["Completed Work", "Pending Work", "Evidence"];

    public static Rejected? HandOff(AtpTurn turn, HandOff handOff)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        if (!FilledText.IsFilled(handOff.CompletedWork)) missing.Add("completedWork");
        if (!FilledText.IsFilled(handOff.PendingWork) && !(LastStep(turn) && FilledText.IsNothing(handOff.PendingWork))) missing.Add("pendingWork");
        if (!FilledText.IsFilled(handOff.Evidence)) missing.Add("evidence");
        if (missing.Count > 0) return Missing(missing.ToImmutable());
        var body = $"### Completed Work\n{handOff.CompletedWork}\n\n### Pending Work\n{handOff.PendingWork}\n\n### Evidence\n{handOff.Evidence}";
        return Transfer(turn, new SendMessage(
            handOff.To, MessageType.Handoff, handOff.Priority, $"Handoff: {turn.Id} - {turn.State.Title}", body) { Details = handOff.Details });
    }

    /// <summary>A <c>message_send</c> of type Handoff with the seed's sections is the same thing.</summary>
    public static Rejected? FromBody(AtpTurn turn, SendMessage send)
    {
        var missing = Markdown.Missing(Sections, Markdown.FilledSections(send.Body));
        return missing.IsEmpty
            ? Transfer(turn, send)
            : Missing(missing);
    }

    private static Rejected? Transfer(AtpTurn turn, SendMessage send)
    {
        var state = turn.State;
        if (state.Finished)
            return Rejected.Conflict(Rules.AtpClosed, $"{state.Id} is {state.Status}; there is nothing to hand off.");
        if (AtpMessages.Refused(turn, send.To) is { } refused) return refused;
        var rows = turn.Flow.From(state.Status).Where(row => row.Tools.Contains(Tools.Handoff)).ToList();
        var row = rows.FirstOrDefault(row => AtpRows.MayTake(turn, row, Tools.Handoff) is null);
        if (row is null && state.Owner != turn.Call.By && !AsksAgain(turn) && !state.Asked.Contains(turn.Call.By))
        {
            return rows.Count > 0
                ? AtpRows.MayTake(turn, rows[0], Tools.Handoff)
                : Rejected.Conflict(
                    Rules.AtpTransitionUnknown,
                    $"From {state.Status} the flow {state.Flow} has no handoff, and {turn.Call.By} does not own {state.Id}; "
                    + $"only its owner ({state.Owner ?? "none"}) may hand it on.",
                    [.. turn.Flow.From(state.Status).Select(next => next.To).Distinct()]);
        }

        if (row is not null && NotNext(turn, row, send.To) is { } notNext) return notNext;
        var number = AtpMessages.Sent(
            turn, turn.Call.By, send.To, MessageType.Handoff, send.Priority ?? state.Priority, send.Subject, AtpDetails.Text(send),
            requiresAck: send.RequiresAck ?? false, settles: null);
        turn.Add(new AtpHandedOff(turn.Call.By, send.To, number, Hash(send.Body)));
        if (row is not null)
        {
            AtpRows.Take(turn, row, null, Tools.Handoff);
        }
        else
        {
            AtpMessages.Acted(turn);
            AtpApprovals.AskAgain(turn);
        }

        turn.Decision.AddFact("messageId", state.MessageId(number));
        return null;
    }

    /// <summary>Work may be handed to pm, to the approver, or to the role of a row that leaves the new state.</summary>
    private static Rejected? NotNext(AtpTurn turn, FlowRow row, string to)
    {
        if (turn.World.Caller.OutranksHalts) return null;
        var roles = turn.Flow.From(row.To).SelectMany(next => new[] { next.Role, next.Requires.Approval?.Role }).OfType<string>().Distinct().ToList();
        if (roles.Count == 0 || roles.Exists(role => role is Roles.Any || (role == Roles.AtpOwner && roles.Count == 1))) return null;
        if (turn.World.Agent(to) is { } receiver && (receiver.Has(Roles.Pm) || roles.Exists(receiver.Has))) return null;
        var named = roles.Where(role => role != Roles.AtpOwner).ToList();
        return new Rejected(
            Rules.HandoffRecipient, $"After {row.To} the flow {turn.Flow.Name} continues with {string.Join(" or ", named)}; {to} has no such role.",
            [.. named.Select(turn.World.Roster.HandleFor).Distinct()]);
    }

    /// <summary>The flow is not urgent, so only the acceptance of the work may follow and pending work may be "none".</summary>
    private static bool LastStep(AtpTurn turn) => !turn.Flow.Urgent;

    /// <summary>The agent that handed off may do so again while the approval of it is open, rejected or void.</summary>
    private static bool AsksAgain(AtpTurn turn) =>
        turn.Flow.From(turn.State.Status).Any(row => row.Requires.Approval is not null)
        && turn.State.History.LastOrDefault(entry => entry.Tool == Tools.Handoff)?.By == turn.Call.By;

    private static Rejected Missing(ImmutableArray<string> missing) => new(
        Rules.HandoffSections,
        $"A handoff says what is done, what is pending and what proves it; missing: {string.Join(", ", missing)}.",
        missing);

    private static string Hash(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
