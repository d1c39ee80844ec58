using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Approvals that rows need: asked for when the ATP reaches the row's state, decided in one commit with the ATP.</summary>
internal static class AtpApprovals
{
    /// <summary>Each reminder of an overdue approval waits one escalation step longer, up to this many.</summary>
    private const int MaxSteps = 12;

    /// <summary>The ATP is in a new state: what the old one asked is void, and what the rows out of the new one need is asked.</summary>
    public static void Entered(AtpTurn turn, FlowRow taken)
    {
        if (taken.From != taken.To)
        {
            VoidAll(turn, $"{turn.Id} went to {turn.State.Status} without it");
        }

        foreach (var row in Waiting(turn))
        {
            var last = turn.State.Approvals.LastOrDefault(approval => approval.Row == row.Number);
            if (taken.From != taken.To || last is null || last.Status is AtpApprovalStatus.Rejected or AtpApprovalStatus.Voided) Ask(turn, row);
        }
    }

    /// <summary>Voids every open question on the ATP.</summary>
    public static void VoidAll(AtpTurn turn, string reason)
    {
        foreach (var open in turn.State.Approvals.Where(approval => approval.Status == AtpApprovalStatus.Open).ToList()) Void(turn, open, reason);
    }

    /// <summary>
    /// Other rows lead out of the state now. Questions of rows that no longer exist are void. The new rows ask in the name of the
    /// earlier asker, so that the one who changed the severity may still decide.
    /// </summary>
    /// <param name="before">The incident's severity until this decision.</param>
    public static void SeverityChanged(AtpTurn turn, Severity before)
    {
        ApprovalState? asked = null;
        foreach (var left in turn.State.Approvals.Where(approval => approval.Status == AtpApprovalStatus.Open).ToList())
        {
            if (turn.Flow.Rows.Any(row => row.Number == left.Row && AtpRows.Exists(turn, row))) continue;
            asked = turn.World.Actors.Get(ActorId.Approval(left.Id)) as ApprovalState;
            Void(turn, left, "the severity has changed, and with it the next row");
        }

        var by = asked?.AskedBy ?? turn.State.History.LastOrDefault(entry => entry.To == turn.State.Status && entry.From != entry.To)?.By;
        foreach (var row in Waiting(turn).Where(row => !AtpRows.ExistsFor(row, before))) Ask(turn, row, by, asked?.Evidence);
        AtpRows.TakeAutomatic(turn);
    }

    /// <summary>
    /// What is asked about has changed: an answer to the old question does
    /// not hold for it. An approver who passes the work on changes nothing, nor does who hands off the same once more.
    /// </summary>
    public static void AskAgain(AtpTurn turn)
    {
        foreach (var row in Waiting(turn).Where(row => !turn.World.Caller.Has(row.Requires.Approval!.Role)))
        {
            var stale = turn.State.Approvals
                .Where(approval => approval.Row == row.Number && approval.Status is AtpApprovalStatus.Open or AtpApprovalStatus.Approved)
                .ToList();
            if (stale.Exists(approval => AsksTheSame(turn, row, approval))) continue;
            foreach (var approval in stale)
                Void(turn, approval, "handed off again: what was asked about has changed");
            Ask(turn, row);
        }
    }

    /// <summary>The approval was asked for the same handoff and with the same evidence.</summary>
    private static bool AsksTheSame(AtpTurn turn, FlowRow row, AtpApproval approval) =>
        turn.World.Actors.Get(ActorId.Approval(approval.Id)) is ApprovalState asked
        && asked.Content == turn.State.HandedOff && asked.Evidence == Evidence(turn, row);

    public static Rejected? Settle(AtpTurn turn, SettleApproval settle)
    {
        if (turn.World.Actors.Get(ActorId.Approval(settle.ApprovalId)) is not ApprovalState approval || approval.AtpId != turn.Id)
            return ApprovalDecider.Unknown(settle.ApprovalId, turn.Id);
        return settle.Decision switch
        {
            DecideApproval decide => Decide(turn, approval, decide),
            ApprovalTimeIsUp => TimeIsUp(turn, approval),
            _ => throw new InvalidOperationException($"an approval cannot handle the command {settle.Decision.GetType().Name}"),
        };
    }

    private static Rejected? Decide(AtpTurn turn, ApprovalState approval, DecideApproval decide)
    {
        var (refused, voice) = ApprovalDecider.Decide(approval, decide, turn.World);
        if (refused is not null) return refused;
        foreach (var rule in voice!.Bypassed) turn.Bypass(rule);
        if (!voice.Concludes)
        {
            Give(turn, approval, new ApprovalGiven(voice.For, decide.Option, decide.Note, decide.OpenGates, approval.Content));
            return null;
        }

        var decided = new ApprovalDecided(decide.Approve, decide.Option, decide.Note, Automatic: false, voice.For, approval.Content);
        Conclude(turn, approval, decided, [.. decide.OpenGates, .. (approval.Given ?? []).SelectMany(given => given.OpenGates)]);
        return null;
    }

    /// <summary>One of several persons has approved: the others are still asked.</summary>
    private static void Give(AtpTurn turn, ApprovalState approval, ApprovalGiven given)
    {
        turn.Add(new AtpApprovalGiven(approval.Id, (approval.Given?.Length ?? 0) + 1, approval.Approvers ?? 1));
        turn.Decision.Add(ActorId.Approval(approval.Id), given);
        turn.Decision.AddFact("approvalId", approval.Id);
    }

    private static Rejected? TimeIsUp(AtpTurn turn, ApprovalState approval)
    {
        if (approval.Status != ApprovalStatus.Open) return null;
        var happened = ApprovalDecider.TimeIsUp(approval, turn.World.Policy);
        if (happened is ApprovalDecided decided)
        {
            Conclude(turn, approval, decided, []);
            return null;
        }

        var overdue = (ApprovalOverdue)happened;
        turn.Decision.Add(ActorId.Approval(approval.Id), overdue);
        var chain = AtpClocks.Chain(turn);
        var next = chain[Math.Min(overdue.Times - 1, chain.Count - 1)];
        foreach (var told in new[] { turn.World.Roster.HandleFor(approval.Role), next, Handle.Operator }.Distinct())
        {
            AtpMessages.Notify(
                turn, told, MessageType.Escalation, Priority.P0, $"Approval overdue: {approval.Id}",
                $"{approval.Question}\n\nThe role {approval.Role} has not decided, so the work stays blocked. The operator may decide.", approval.Id);
        }

        Clock(turn, approval.Id, turn.World.Policy.EscalationStep * Math.Min(overdue.Times, MaxSteps), turn.State.Owner);
        return null;
    }

    private static void Conclude(AtpTurn turn, ApprovalState approval, ApprovalDecided decided, IReadOnlyCollection<string> openGates)
    {
        turn.Decision.Add(ActorId.Approval(approval.Id), decided);
        turn.StopClock(AtpDecider.ApprovalClock(approval.Id));
        AtpMessages.WithdrawAbout(turn, approval.Id, $"{approval.Id} is decided");
        turn.Add(new AtpApprovalSettled(
            approval.Id, approval.Row, decided.Approved ? AtpApprovalStatus.Approved : AtpApprovalStatus.Rejected, turn.Call.By, decided.Automatic));
        var row = turn.Flow.Rows.First(row => row.Number == approval.Row);
        if (decided.Approved && approval.VerifiesGates)
        {
            Reopen(turn, row.Requires.Gates.Where(openGates.Contains), $"left open by approval {approval.Id}");
            foreach (var gate in row.Requires.Gates.Where(gate => !openGates.Contains(gate) && !turn.State.Gates.ContainsKey(gate)))
                turn.Add(new AtpGateVerified(gate, $"approval {approval.Id}"));
        }

        if (!decided.Approved && row.Requires.Approval?.RejectTo is { } back) AtpRows.SendBack(turn, row, back, decided.Note);
        turn.Decision.AddFact("approvalId", approval.Id);
        var by = decided.Automatic ? "automatically: not decided in time" : $"by {turn.Call.By}";
        var next = !decided.Approved || row.Role == Roles.Any
            ? approval.AskedBy
            : turn.World.Roster.HandleFor(row.Role == Roles.AtpOwner ? turn.State.Owner ?? approval.AskedBy : row.Role);
        foreach (var to in decided.Automatic ? [next, Handle.Operator] : ImmutableArray.Create(next))
        {
            AtpMessages.Notify(
                turn, to, decided.Approved ? MessageType.Decision : MessageType.Rejection, turn.State.Priority,
                $"{(decided.Approved ? "Approved" : "Rejected")} {by}: {turn.Id}", $"{approval.Question}\n\n{decided.Note}");
        }

        AtpRows.TakeAutomatic(turn);
    }

    /// <param name="by">Who asks; null for the caller.</param>
    /// <param name="evidence">What a question that this one takes the place of gave to go by; null for what this decision knows.</param>
    private static void Ask(AtpTurn turn, FlowRow row, string? by = null, string? evidence = null)
    {
        var needed = row.Requires.Approval!;
        if (turn.State.Approvals.Any(approval => approval.Row == row.Number)) Reopen(turn, row.Requires.Gates, "what was asked about has changed");
        var id = FreeId(turn);
        var question = needed.Question.Replace("{atp}", turn.Id, StringComparison.Ordinal).Replace("{title}", turn.State.Title, StringComparison.Ordinal);
        turn.Decision.Add(ActorId.Approval(id), new ApprovalRequested(
            turn.Id, turn.State.IncidentId, row.Number, question,
            Options(row, needed), evidence ?? Evidence(turn, row), needed.Recommend, needed.Role,
            by ?? turn.Call.By, turn.Call.At + needed.Within, Timeout(turn, needed), needed.VerifiesGates, turn.State.HandedOff ?? "",
            needed.Approvers > 1 ? needed.Approvers : null, needed.SignedInWithin));
        turn.Add(new AtpApprovalAsked(id, row.Number, needed.Role));
        turn.Decision.AddFact("approvalId", id);
        Clock(turn, id, needed.Within, turn.State.Owner);
        foreach (var approver in Approvers(turn, needed))
        {
            AtpMessages.Notify(
                turn, approver, MessageType.Decision, turn.State.Priority, $"Approval needed: {id}",
                $"{question}\n{Gates(turn, row)}\n\nDecide with approval_decide {id}.", id);
        }
    }

    /// <summary>The role's handle; where several persons must approve, everybody in the roster who has the role.</summary>
    private static IEnumerable<string> Approvers(AtpTurn turn, RowApproval needed)
    {
        var roster = turn.World.Roster;
        var all = needed.Approvers > 1 ? roster.Members.Where(member => member.Roles.Contains(needed.Role)).Select(member => member.Handle).ToList() : [];
        return all.Count > 0 ? all : [roster.HandleFor(needed.Role)];
    }

    private static ApprovalTimeout Timeout(AtpTurn turn, RowApproval needed) =>
        turn.World.Policy.NeverApproveByTimeout && needed.OnTimeout == ApprovalTimeout.Approve ? ApprovalTimeout.Block : needed.OnTimeout;

    /// <summary>One decision may ask on several ATPs of an incident.</summary>
    private static string FreeId(AtpTurn turn)
    {
        var number = turn.State.Approvals.Length + 1;
        var id = $"APR-{turn.Call.Seed}{(number == 1 ? "" : $"-{number}")}";
        while (turn.Decision.Changes.Any(change => change.Actor == ActorId.Approval(id))) id = $"APR-{turn.Call.Seed}-{++number}";
        return id;
    }

    /// <summary>What was verified of other work, or what the approver doubts, is open again.</summary>
    private static void Reopen(AtpTurn turn, IEnumerable<string> gates, string reason)
    {
        foreach (var gate in gates.Where(turn.State.Gates.ContainsKey).ToList()) turn.Add(new AtpGateReopened(gate, reason));
    }

    private static ImmutableArray<ApprovalOption> Options(FlowRow row, RowApproval needed) => needed.Options.IsEmpty
        ? [
            new ApprovalOption("approve", $"{row.From} → {row.To}", Risk: null, Approves: true),
            new ApprovalOption("reject", needed.RejectTo is { } back ? $"back to {back}" : $"stay in {row.From}", Risk: null, Approves: false),
        ]
        : [.. needed.Options.Select(option => new ApprovalOption(option.Id, option.Text, option.Risk, option.Approves))];

    /// <summary>What the approver has to go by: what the handoff proves, what lies on the ATP, and the gates that approving answers.</summary>
    private static string? Evidence(AtpTurn turn, FlowRow row)
    {
        var gates = Gates(turn, row);
        var handoff = turn.Events.OfType<MessageSent>().LastOrDefault(message => message.Type == MessageType.Handoff);
        var artifacts = turn.State.Artifacts.Select(artifact =>
            $"- {artifact.Type} {artifact.Id} by {artifact.By}: {artifact.Title}{(artifact.Outcome is { } outcome ? $" ({outcome})" : "")}");
        var text = string.Join("\n\n", new[]
        {
            handoff is null ? null : Markdown.Section(handoff.Body, "evidence"),
            string.Join('\n', artifacts),
            gates.Length > 0 && row.Requires.Approval!.VerifiesGates ? $"Approving answers:\n{gates}" : null,
        }.Where(part => !string.IsNullOrEmpty(part)));
        return text.Length > 0 ? text : null;
    }

    private static string Gates(AtpTurn turn, FlowRow row) =>
        string.Join('\n', row.Requires.Gates.Select(gate => "- " + (turn.Flow.Gate(gate)?.Question ?? gate)));

    private static void Void(AtpTurn turn, AtpApproval approval, string reason)
    {
        turn.Decision.Add(ActorId.Approval(approval.Id), new ApprovalVoided(reason));
        turn.StopClock(AtpDecider.ApprovalClock(approval.Id));
        AtpMessages.WithdrawAbout(turn, approval.Id, reason);
        turn.Add(new AtpApprovalSettled(approval.Id, approval.Row, AtpApprovalStatus.Voided, turn.Call.By, Automatic: false));
    }

    private static void Clock(AtpTurn turn, string approvalId, TimeSpan within, string? whose) =>
        turn.StartClock(AtpDecider.ApprovalClock(approvalId), within, whose, new SettleApproval(approvalId, new ApprovalTimeIsUp()));

    private static IEnumerable<FlowRow> Waiting(AtpTurn turn) =>
        turn.State.Finished ? [] : turn.Flow.From(turn.State.Status).Where(row => row.Requires.Approval is not null && AtpRows.Exists(turn, row)).ToList();
}
