using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Taking rows of the flow: who may, what must be true, what the row owes.</summary>
internal static class AtpRows
{
    /// <summary>Automatic rows in a chain; more than this is a loop in the flow, which the checker refuses.</summary>
    private const int MaxAutomaticRows = 16;

    public static Rejected? Close(AtpTurn turn, string? notes)
    {
        var final = turn.Flow.From(turn.State.Status).Where(row => row.EndsTurn || turn.Flow.State(row.To)!.Terminal).Select(row => row.To).FirstOrDefault()
            ?? turn.Flow.States.Where(state => state.Terminal).Select(state => state.Name).DefaultIfEmpty("Closed").First();
        return ChangeStatus(turn, final, notes, Tools.Close);
    }

    /// <summary>Takes the row that leads to <paramref name="to"/> by a tool, or refuses with the first requirement that is not met.</summary>
    public static Rejected? ChangeStatus(AtpTurn turn, string to, string? notes, string tool)
    {
        var state = turn.State;
        if (state.Finished)
            return Rejected.Conflict(Rules.AtpClosed, $"{state.Id} is {state.Status}; nothing leads out of it. Create a new ATP with parentAtpId {state.Id}.");
        var target = turn.Flow.State(to);
        if (target is not null && turn.World.Caller.Overrides) return AtpOverride.ChangeStatus(turn, target, notes, tool);
        var rows = target is null ? [] : turn.Flow.From(state.Status).Where(row => row.To == target.Name && Exists(turn, row)).ToList();
        if (target?.Name == state.Status && !rows.Exists(row => MayTake(turn, row, tool) is null)) return null;
        if (rows.Count == 0)
        {
            var allowed = turn.Flow.From(state.Status).Select(row => row.To).Distinct().ToImmutableArray();
            return Rejected.Conflict(
                Rules.AtpTransitionUnknown,
                $"The flow {state.Flow} has no row from {state.Status} to {(target is null ? $"'{to}'" : target.Name)}; "
                + $"from {state.Status} it goes to {string.Join(", ", allowed)}.",
                allowed);
        }

        Rejected? first = null;
        foreach (var row in rows)
        {
            var refused = MayTake(turn, row, tool);
            if (refused is null)
            {
                Take(turn, row, notes, tool);
                return null;
            }

            first ??= refused;
        }

        return first;
    }

    /// <summary>The row may be taken by the caller with the tool now; or by which rule not.</summary>
    public static Rejected? MayTake(AtpTurn turn, FlowRow row, string tool)
    {
        if (!ByTool(row, tool))
        {
            return new Rejected(
                Rules.AtpTransitionTool,
                $"Row {row.Number} of {turn.State.Flow} ({row.From} → {row.To}, {row.Trigger}) is taken by {string.Join(" or ", row.Tools)}, not by {tool}.",
                row.Tools);
        }

        return HasRole(turn, row.Role)
            ? AtpRequirements.Unmet(turn, row)
            : Rejected.Role(
                Rules.AtpTransitionRole,
                $"Row {row.Number} of {turn.State.Flow} ({row.From} → {row.To}, {row.Trigger}) belongs to {RoleName(turn, row.Role)}; "
                + $"{turn.World.Caller.Handle} may not take it.",
                [HandleFor(turn, row.Role)]);
    }

    public static bool HasRole(AtpTurn turn, string role) => AtpRequirements.HasRole(turn.World.Caller, turn.State, role);

    /// <summary>Takes the row: move, gates, owed messages, approvals of the next state, incident, follow-ups, end of turn.</summary>
    public static void Take(AtpTurn turn, FlowRow row, string? notes, string tool)
    {
        var from = turn.Exists ? turn.State.Status : row.From;
        if (!turn.Call.BySystem && row.Kind == RowKind.Transition && tool != Tools.Incident) Act(turn, row, tool);
        if (!turn.Call.BySystem && tool is Tools.Set or Tools.ChangeStatus && IsHandedOver(turn, row)) AtpMessages.Own(turn, turn.Call.By);
        if (row.Requires.GatesVerifiedByTaker)
        {
            foreach (var gate in row.Requires.Gates.Where(gate => !turn.State.Gates.ContainsKey(gate)))
                turn.Add(new AtpGateVerified(gate, $"taking row {row.Number}"));
        }

        GiveBack(turn, row);
        var entry = turn.State.History.Length + 1;
        var owed = Owed(turn, row, entry, turn.Call.By);
        turn.Add(new AtpMoved(row.Number, from.Length == 0 ? row.From : from, row.To, row.Trigger, tool, notes, owed, turn.Call.BySystem && row.Automatic));
        AtpIncident.Joined(turn, row);
        var resolved = AtpIncident.Moved(turn, row);
        AtpClocks.Entered(turn, from, row.To);
        if (from != row.To) AtpMessages.Left(turn, entry);
        if (turn.Flow.State(row.To)!.Terminal) AtpClosure.Finish(turn);
        AtpMessages.Owe(turn, entry);
        AtpApprovals.Entered(turn, row);
        if (resolved) Resolution.Over(turn.World, turn.Decision, turn.State.IncidentId!, $"Incident resolved by {turn.Id}");
        if (row.EndsTurn && !turn.Call.BySystem && tool != Tools.Incident)
            turn.Decision.Add(ActorId.Agent(turn.Call.By), new AgentTurnEnded(turn.Call.Session, turn.Id));
        TakeAutomatic(turn);
    }

    /// <summary>A handoff takes the same way: who takes it by a status has done the work and hands it over next.</summary>
    private static bool IsHandedOver(AtpTurn turn, FlowRow row) =>
        row.From != row.To && turn.Flow.From(row.From).Any(other => other.To == row.To && other.Tools.Contains(Tools.Handoff));

    /// <summary>
    /// Who takes a row acts on what was ordered: that is acknowledging it, and the row by which the flow records the acknowledgement
    /// is taken first.
    /// </summary>
    private static void Act(AtpTurn turn, FlowRow row, string tool)
    {
        AtpMessages.Acted(turn);
        AtpIncident.Acknowledged(turn, null);
        if (tool == Tools.Ack || turn.World.Caller.Overrides) return;
        var acknowledges = turn.Flow.From(turn.State.Status).FirstOrDefault(other =>
            other.From == other.To && other.Tools.Contains(Tools.Ack) && other.Number != row.Number && turn.World.Caller.Has(other.Role));
        if (acknowledges is null || turn.State.History.Any(entry => entry.Row == acknowledges.Number)) return;
        if (AtpRequirements.Unmet(turn, acknowledges) is null) Take(turn, acknowledges, "acted on it", Tools.Ack);
    }

    /// <summary>A rejected approval takes the ATP back to where the flow says; notified as the row would have been.</summary>
    public static void SendBack(AtpTurn turn, FlowRow row, string to, string? note)
    {
        var back = row with { To = to, Trigger = "Approval rejected", Emits = new RowEmits() };
        var entry = turn.State.History.Length + 1;
        var from = turn.State.Status;
        turn.Add(new AtpMoved(row.Number, from, to, back.Trigger, Tools.System, note, Owed(turn, back, entry, Handle.System), Automatic: true));
        AtpClocks.Entered(turn, from, to);
        AtpMessages.Left(turn, entry);
        foreach (var owed in turn.State.Owed.Where(owed => owed.Entry == entry).ToList()) AtpMessages.SendOwed(turn, owed);
        AtpApprovals.Entered(turn, back);
    }

    /// <summary>Rows that the system takes itself as soon as their requirements are met (decision nodes).</summary>
    public static void TakeAutomatic(AtpTurn turn)
    {
        for (var taken = 0; taken < MaxAutomaticRows && !turn.State.Finished; taken++)
        {
            var next = turn.Flow.From(turn.State.Status)
                .FirstOrDefault(row => row.Automatic && Exists(turn, row) && AtpRequirements.Unmet(turn, row) is null);
            if (next is null) return;
            Take(turn, next, null, Tools.System);
        }
    }

    /// <summary>Rows may exist only for some severities (deploy path of seed 002).</summary>
    public static bool Exists(AtpTurn turn, FlowRow row) =>
        turn.Incident is not { } incident || ExistsFor(row, incident.Severity);

    public static bool ExistsFor(FlowRow row, Severity severity) =>
        row.Requires.Severities.IsEmpty || row.Requires.Severities.Contains(severity.Name());

    public static bool ByTool(FlowRow row, string tool) => tool switch
    {
        Tools.System => row.Automatic,
        Tools.Close => row.Tools.Contains(Tools.Close) || row.Tools.Contains(Tools.ChangeStatus),
        Tools.ChangeStatus => row.Tools.Contains(Tools.ChangeStatus) || row.Tools.Contains(Tools.Close) || row.Tools.Contains(Tools.External),
        Tools.Set => row.Tools.Contains(Tools.Set) || row.Tools.Contains(Tools.External),
        _ => row.Tools.Contains(tool),
    };

    /// <summary>The messages that taking the row demands, ready to be sent; a HITL notification is among them where the row notifies.</summary>
    public static ImmutableArray<OwedMessage> Owed(AtpTurn turn, FlowRow row, int entry, string by)
    {
        var messages = row.Emits.Messages;
        if (row.Hitl != RowHitl.None && messages.All(message => message.Type != MessageType.HITLNotification))
            messages =
            [
                new RowMessage(
                    MessageType.HITLNotification,
                    Roles.Operator,
                    turn.Flow.Priority,
                    "{atp}: {from} → {to} ({trigger})",
                    "{title}\n\n{by} took row {row} of the {flow} flow."),
                .. messages,
            ];
        return [.. messages.Select((message, index) => new OwedMessage(
            $"{entry}.{index + 1}",
            entry,
            message.Type,
            by,
            HandleFor(turn, message.To),
            message.Priority,
            Fill(turn, row, message.Subject.Replace("{title}", Unmarked(turn), StringComparison.Ordinal)),
            Fill(turn, row, message.Body),
            message.RequiresAck))];
    }

    /// <summary>The title without the marker of its flow, which the subjects of the flow say themselves.</summary>
    private static string Unmarked(AtpTurn turn) => turn.Flow.AfterMarker(turn.State.Title) is { Length: > 0 } rest ? rest : turn.State.Title;

    private static string Fill(AtpTurn turn, FlowRow row, string text) => text
        .Replace("{atp}", turn.Id, StringComparison.Ordinal)
        .Replace("{title}", turn.State.Title, StringComparison.Ordinal)
        .Replace("{incident}", turn.State.IncidentId ?? turn.Id, StringComparison.Ordinal)
        .Replace("{severity}", Severity(turn)?.Name() ?? turn.State.Priority.ToString(), StringComparison.Ordinal)
        .Replace("{by}", turn.Call.By, StringComparison.Ordinal)
        .Replace("{from}", row.From, StringComparison.Ordinal)
        .Replace("{to}", row.To, StringComparison.Ordinal)
        .Replace("{trigger}", row.Trigger, StringComparison.Ordinal)
        .Replace("{row}", row.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{flow}", turn.Flow.Name, StringComparison.Ordinal)
        .Replace("{followUp}", AtpClosure.FollowUpIds(turn, row), StringComparison.Ordinal);

    /// <summary>Who has a row's role; <c>owner</c> is the ATP's owner, never the role that outranks halts.</summary>
    private static string HandleFor(AtpTurn turn, string role) =>
        turn.World.Roster.HandleFor(role == Roles.AtpOwner ? turn.State.Owner ?? turn.State.CreatedBy : role);

    /// <summary>Work that is not accepted goes back to the agent that handed it over.</summary>
    private static void GiveBack(AtpTurn turn, FlowRow row)
    {
        if (!row.Emits.Messages.Any(message => message is { Type: MessageType.Rejection, To: Roles.AtpOwner })) return;
        if (turn.State.History.LastOrDefault(entry => entry.To == row.From && entry.From != row.From) is { Tool: Tools.Handoff } handed
            && handed.By != turn.State.Owner)
            turn.Add(new AtpOwned(handed.By));
    }

    /// <summary>The incident's, also when this decision declares it.</summary>
    private static Severity? Severity(AtpTurn turn) =>
        turn.Incident?.Severity
        ?? turn.Decision.Changes.SelectMany(change => change.Events).OfType<IncidentDeclared>().FirstOrDefault()?.Severity;

    private static string RoleName(AtpTurn turn, string role) =>
        role == Roles.AtpOwner ? $"the ATP's owner ({turn.State.Owner ?? "none yet"})" : $"the role {role}";
}
