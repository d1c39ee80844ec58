using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>What the end of an ATP leads to, in the same commit: follow-ups that cannot be forgotten.</summary>
internal static class AtpClosure
{
    /// <summary>How many characters of the closed ATP's id the ids of its follow-ups keep, so that they do not exceed the maximum length of an id.</summary>
    private const int MaxIdLength = 80;

    /// <summary>Type of the ATP in which is recorded what was learned of an incident.</summary>
    public const string Learned = "learning";

    public static void Finish(AtpTurn turn)
    {
        turn.Add(new AtpFinished());
        turn.StopClock(AtpDecider.DueClock);
        AtpMessages.Closed(turn, $"{turn.Id} is {turn.State.Status}");
        AtpDependencies.Over(turn);
        foreach (var row in Owed(turn, turn.State.Status)) FollowUp(turn, row);
        if (AcceptedPostmortem(turn) is not { } postmortem) return;
        ActionItems(turn, postmortem);
        Learning(turn);
    }

    /// <summary>The verification report of the closure, by its closer, once: agents send report, closing and notice in one batch, in any order.</summary>
    public static bool IsReport(AtpTurn turn, CreateArtifact create) =>
        create.Type == AtpArtifacts.VerificationReport && Closing(turn) is { } closing
        && !turn.State.Artifacts.Any(artifact => artifact.Type == create.Type && artifact.Entry >= closing.Number - 1);

    /// <summary>The closer's notice of the closure to the operator, once, where no row of the flow owes it. One with the same subject that came
    /// between the entry before the closure and the closure was it.</summary>
    public static bool IsNotice(AtpTurn turn, SendMessage send) =>
        send is { Type: MessageType.HITLNotification, To: Handle.Operator } && turn.State.ClosingNotice is null
        && Closing(turn) is { } closing && turn.Flow.Rows.FirstOrDefault(row => row.Number == closing.Row) is { Hitl: RowHitl.None }
        && !(AtpMessages.Repeated(turn, send) is { } same && turn.State.History.Any(entry => entry.Number == closing.Number - 1 && entry.At < same.At));

    /// <summary>The entry by which the caller closed the ATP; null if it did not close it.</summary>
    private static HistoryEntry? Closing(AtpTurn turn) =>
        turn.State.Finished && turn.State.History.LastOrDefault(entry => entry.To == turn.State.Status) is { } closing && closing.By == turn.Call.By
            ? closing
            : null;

    /// <summary>
    /// The value of <c>{followUp}</c> in a row's messages: the follow-up
    /// of a <c>(post)</c> row, else those that reaching its state creates.
    /// </summary>
    public static string FollowUpIds(AtpTurn turn, FlowRow row)
    {
        if (row.Emits.FollowUp is { } own) return FollowUpId(turn, own, []);
        var ids = new List<string>();
        foreach (var owed in Owed(turn, row.To)) ids.Add(FollowUpId(turn, owed.Emits.FollowUp!, ids));
        return string.Join(", ", ids);
    }

    /// <summary>The <c>(post)</c> rows that reaching a terminal state leads to.</summary>
    private static IEnumerable<FlowRow> Owed(AtpTurn turn, string terminal) =>
        turn.Flow.State(terminal)?.Terminal == true
            ? turn.Flow.Rows.Where(row => row.Emits.FollowUp is { } followUp && (followUp.After is null || followUp.After == terminal))
            : [];

    private static void FollowUp(AtpTurn turn, FlowRow row)
    {
        var wanted = row.Emits.FollowUp!;
        var flow = turn.World.Flows.Find(wanted.Flow)
            ?? throw new InvalidOperationException(
                $"row {row.Number} of the flow {turn.Flow.Name} names the flow {wanted.Flow}, which is not loaded; put its file into the folder of --flows");
        var id = FollowUpId(turn, wanted, []);
        var entry = turn.State.History.Length + 1;
        var owner = turn.World.Roster.HandleFor(wanted.Role);
        var title = wanted.Title.Replace("{title}", turn.State.Title, StringComparison.Ordinal).Replace("{atp}", turn.Id, StringComparison.Ordinal);
        var due = turn.Call.At + wanted.Within;
        var owes = AtpRows.Owed(turn, row, entry, Handle.System);
        turn.Add(new AtpFollowUpCreated(row.Number, id, wanted.Type, row.From, row.To, row.Trigger, owes));
        var debt = turn.Flow.Rows.SelectMany(other => other.Emits.Debt).Distinct().ToImmutableArray();
        var child = new AtpTurn(turn.World, id, null, turn.Decision) { SystemStarted = true };
        var birth = new Birth(title, wanted.Type)
        {
            IncidentId = turn.State.IncidentId,
            ParentAtpId = turn.Id,
            Priority = Priority.P1,
            Notes = $"Follow-up of {turn.Id}",
            Owner = owner,
            DueAt = due,
            Sections = wanted.Sections.IsDefault ? [] : wanted.Sections,
            Debt = debt,
        };
        AtpCreation.Open(child, flow, birth, Tools.Create);
        turn.AddToIncident(new IncidentAtpJoined(id, flow.Name));
        foreach (var owed in owes) AtpMessages.SendOwed(turn, owed);
    }

    /// <summary>The postmortem that the flow asked for; null if it asked for none.</summary>
    private static Artifact? AcceptedPostmortem(AtpTurn turn) =>
        turn.Flow.Rows.Any(row => row.Requires.Artifacts.Any(needed => needed.Type == "Postmortem"))
            ? turn.State.Artifacts.LastOrDefault(artifact => artifact.Type == "Postmortem")
            : null;

    /// <summary>Seed 003, post-incident steps 3 to 5: directive, skill log and shared brain are one ATP with an owner and a due date.</summary>
    private static void Learning(AtpTurn turn)
    {
        if (turn.Incident is not { } incident) return;
        var flow = turn.World.Flows.Find("review") ?? throw new InvalidOperationException("the shipped flow review is not loaded");
        var id = Free(turn, $"{Shortened.Cut(turn.Id, MaxIdLength)}-L", []);
        var child = new AtpTurn(turn.World, id, null, turn.Decision) { SystemStarted = true };
        var birth = new Birth(Birth.TitleOf($"Learning: {incident.Title}"), Learned)
        {
            IncidentId = incident.Id,
            ParentAtpId = turn.Id,
            Notes = "Which directive changes, or why none; what the first responder adds to SKILL.md; what goes into the shared brain.",
            Owner = incident.Responders.FirstOrDefault(responder => responder.Role == Declaration.FirstResponder)?.Handle ?? incident.Commander,
            DueAt = turn.Call.At + Policies.Policy.LearningWithin,
            Sections = ["directive update", "skill log", "shared brain"],
        };
        AtpCreation.Open(child, flow, birth, Tools.Create);
        turn.AddToIncident(new IncidentAtpJoined(id, flow.Name));
    }

    /// <summary>A postmortem's action items become ATPs of the standard flow.</summary>
    private static void ActionItems(AtpTurn turn, Artifact postmortem)
    {
        var flow = turn.World.Flows.Find("standard") ?? throw new InvalidOperationException("the shipped flow standard is not loaded");
        var items = postmortem.OpenItems.ToList();
        for (var i = 0; i < items.Count; i++)
        {
            var id = Free(turn, $"{Shortened.Cut(turn.Id, MaxIdLength)}-A{i + 1}", []);
            var item = items[i];
            var child = new AtpTurn(turn.World, id, null, turn.Decision) { SystemStarted = true };
            var birth = new Birth(Birth.TitleOf(item.Text.Split('\n', 2)[0]), "action-item")
            {
                IncidentId = turn.State.IncidentId,
                ParentAtpId = turn.Id,
                Notes = item.Text,
                Owner = item.Owner is { } owner && turn.World.Agent(owner) is not null ? owner : null,
                DueAt = item.Due is { } due ? new DateTimeOffset(due.ToDateTime(new TimeOnly(23, 59)), TimeSpan.Zero) : null,
            };
            AtpCreation.Open(child, flow, birth, Tools.Create);
            turn.AddToIncident(new IncidentAtpJoined(id, flow.Name));
        }
    }

    /// <summary>The id of a follow-up, as seed 000 names it: AT-EMRG-01 is followed by AT-POST-01.</summary>
    private static string FollowUpId(AtpTurn turn, RowFollowUp wanted, List<string> taken)
    {
        var kind = wanted.Type == "postmortem" ? "POST" : wanted.Type.ToUpperInvariant();
        var rest = turn.Id.StartsWith("AT-", StringComparison.Ordinal) ? turn.Id[3..] : turn.Id;
        var numbered = rest.LastIndexOf('-') is var dash and > 0 && turn.State.Urgent && rest[..dash] is "EMRG" or "HOTFIX" ? rest[(dash + 1)..] : rest;
        return Free(turn, $"AT-{kind}-{Shortened.Cut(numbered, MaxIdLength)}", taken);
    }

    /// <summary>The id, or the first of <c>-2</c>, <c>-3</c>, … that is not in use and was not assigned in this decision.</summary>
    private static string Free(AtpTurn turn, string id, List<string> taken)
    {
        var free = id;
        for (var next = 2; taken.Contains(free) || IsTaken(turn, ActorId.Atp(free)); next++) free = $"{id}-{next}";
        return free;
    }

    private static bool IsTaken(AtpTurn turn, ActorId atp) =>
        turn.Decision.Changes.Any(change => change.Actor == atp) || turn.World.Actors.Get(atp) is not null;
}
