using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>What the end of an ATP leads to, in the same commit: follow-ups that cannot be forgotten (SPEC §3 row 6).</summary>
internal static class AtpClosure
{
    /// <summary>Characters of the closed ATP's id that the ids of what follows from it keep: nobody could name one that is longer than an id may be.</summary>
    private const int MostOfId = 80;

    public static void Finish(AtpTurn turn)
    {
        turn.Happen(new AtpFinished());
        turn.StopClock(AtpDecider.DueClock);
        foreach (var open in turn.State.OpenMessages.Where(open => open.Value.RequiresAck)) turn.StopClock($"ack:{open.Key}");
        foreach (var row in Owed(turn, turn.State.Status)) FollowUp(turn, row);
        ActionItems(turn);
    }

    /// <summary>
    /// What <c>{followUp}</c> stands for in a row's messages: the follow-up
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
            ?? throw new InvalidOperationException($"{turn.Flow.Name} row {row.Number} names the flow {wanted.Flow}, which is not loaded");
        var id = FollowUpId(turn, wanted, []);
        var entry = turn.State.History.Length + 1;
        var owner = turn.World.Roster.HandleFor(wanted.Role);
        var title = wanted.Title.Replace("{title}", turn.State.Title, StringComparison.Ordinal).Replace("{atp}", turn.Id, StringComparison.Ordinal);
        var due = turn.Call.At + wanted.Within;
        var owes = AtpRows.Owed(turn, row, entry, Handle.System);
        turn.Happen(new AtpFollowUpCreated(row.Number, id, wanted.Type, row.From, row.To, row.Trigger, owes));
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
        turn.Tell(new IncidentAtpJoined(id, flow.Name));
        foreach (var owed in owes) AtpMessages.SendOwed(turn, owed);
    }

    /// <summary>A postmortem's action items become ATPs of the standard flow (SPEC §3).</summary>
    private static void ActionItems(AtpTurn turn)
    {
        var postmortem = turn.State.Artifacts.LastOrDefault(artifact => artifact.Type == "Postmortem");
        if (postmortem is null || !turn.Flow.Rows.Any(row => row.Requires.Artifacts.Any(needed => needed.Type == postmortem.Type))) return;
        var flow = turn.World.Flows.Find("standard") ?? throw new InvalidOperationException("the flow standard is not loaded");
        for (var i = 0; i < postmortem.ActionItems.Length; i++)
        {
            var id = Free(turn, $"{Shortened.Cut(turn.Id, MostOfId)}-A{i + 1}", []);
            var item = postmortem.ActionItems[i];
            var child = new AtpTurn(turn.World, id, null, turn.Decision) { SystemStarted = true };
            var birth = new Birth(Birth.TitleOf(item), "action-item")
            {
                IncidentId = turn.State.IncidentId,
                ParentAtpId = turn.Id,
                Notes = item,
            };
            AtpCreation.Open(child, flow, birth, Tools.Create);
            turn.Tell(new IncidentAtpJoined(id, flow.Name));
        }
    }

    /// <summary>As the seed names it: AT-EMRG-01 is followed by AT-POST-01.</summary>
    private static string FollowUpId(AtpTurn turn, RowFollowUp wanted, List<string> taken)
    {
        var kind = wanted.Type == "postmortem" ? "POST" : wanted.Type.ToUpperInvariant();
        var rest = turn.Id.StartsWith("AT-", StringComparison.Ordinal) ? turn.Id[3..] : turn.Id;
        var numbered = rest.LastIndexOf('-') is var dash and > 0 && turn.State.Urgent && rest[..dash] is "EMRG" or "HOTFIX" ? rest[(dash + 1)..] : rest;
        return Free(turn, $"AT-{kind}-{Shortened.Cut(numbered, MostOfId)}", taken);
    }

    /// <summary>The id, or the first of <c>-2</c>, <c>-3</c>, … that no ATP has and that this decision does not give away.</summary>
    private static string Free(AtpTurn turn, string id, List<string> taken)
    {
        var free = id;
        for (var next = 2; taken.Contains(free) || IsTaken(turn, ActorId.Atp(free)); next++) free = $"{id}-{next}";
        return free;
    }

    private static bool IsTaken(AtpTurn turn, ActorId atp) =>
        turn.Decision.Changes.Any(change => change.Actor == atp) || turn.World.Actors.Get(atp) is not null;
}
