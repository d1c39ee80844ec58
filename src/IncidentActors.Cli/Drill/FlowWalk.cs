using System.Collections.Immutable;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Cli.Drill;

/// <summary>
/// A script for any urgent flow, made from its table: the shortest way without a rollback from the start to the flow's first final state,
/// each row with the artifacts, gates and approvals that it requires and the messages that it owes. With a failure: the shortest way to its
/// row, and from there to the next final state.
/// </summary>
internal static class FlowWalk
{
    private static readonly Roster Roster = RosterYaml.Shipped();

    public static DrillScript Script(Flow flow, DateTimeOffset now, FlowRow? failure = null)
    {
        var severity = flow.Halts is null ? Severity.Sev2 : Severity.Sev1;
        var byAlert = flow.Name == "hotfix";
        var start = flow.Rows.First(row => row.IsStart);
        var starter = Taker(start);
        var begin = byAlert
            ? DrillAlert.Firing("high", now)
            : DrillCall.Tool(starter, "atp_create", ("title", DrillAlert.Title), ("flow", flow.Name));
        var way = WholeWay(flow, start.To, failure, severity).ToList();
        var final = way[^1].To;
        DrillRow[] rows =
        [
            new DrillRow(start, byAlert ? [] : Owed(start, starter)),
            .. way.Select(row => new DrillRow(row, Calls(flow, row))),
        ];
        return new DrillScript(
            flow, begin, flow.Halts is not null, [.. rows],
            [.. flow.Rows.Where(row => row.Kind == RowKind.FollowUp && (row.Emits.FollowUp!.After ?? final) == final)], failure);
    }

    private static IEnumerable<FlowRow> WholeWay(Flow flow, string from, FlowRow? failure, Severity severity)
    {
        if (failure is null) return Path(flow, from, flow.States.First(state => state.Terminal).Name, severity);
        return [.. Path(flow, from, failure.From, severity), failure, .. Path(flow, failure.To, NextEnd(flow, failure.To, severity), severity)];
    }

    /// <summary>The final state that the fewest rows lead to.</summary>
    private static string NextEnd(Flow flow, string from, Severity severity) => flow.States
        .Where(state => state.Terminal)
        .Select(state => (state.Name, Length: Path(flow, from, state.Name, severity).Count()))
        .Where(end => end.Length > 0)
        .MinBy(end => end.Length).Name;

    /// <summary>Rows from state to state, breadth first; rows from a state to itself are taken on arrival.</summary>
    private static IEnumerable<FlowRow> Path(Flow flow, string from, string to, Severity severity)
    {
        var cameBy = new Dictionary<string, FlowRow?> { [from] = null };
        var queue = new Queue<string>([from]);
        while (queue.TryDequeue(out var state) && state != to)
        {
            foreach (var row in Rows(flow, state, severity).Where(row => !row.Rollback && cameBy.TryAdd(row.To, row))) queue.Enqueue(row.To);
        }

        var way = new List<FlowRow>();
        for (var row = cameBy.GetValueOrDefault(to); row is not null; row = cameBy[row.From]) way.Insert(0, row);
        return way.SelectMany(row => (IEnumerable<FlowRow>)[.. Rows(flow, row.From, severity).Where(same => same.To == same.From), row]);
    }

    private static IEnumerable<FlowRow> Rows(Flow flow, string state, Severity severity) =>
        flow.From(state).Where(row => row.Requires.Severities.IsEmpty || row.Requires.Severities.Contains(severity.Name()));

    private static ImmutableArray<DrillCall> Calls(Flow flow, FlowRow row)
    {
        var taker = row.Automatic && row.Requires.Artifacts is [.., { By: { } by }] ? Roster.HandleFor(by) : Taker(row);
        var calls = new List<DrillCall>();
        foreach (var id in row.Requires.Branches)
        {
            var branch = flow.Branches.First(one => one.Id == id);
            calls.Add(Artifact(Roster.HandleFor(branch.Role), new RequiredArtifact(branch.DoneBy)));
        }

        calls.AddRange(row.Requires.Artifacts.Select(needed => Artifact(needed.By is { } role ? Roster.HandleFor(role) : taker, needed)));
        if (row.Requires.Approval is { } approval) calls.Add(DrillCall.Approve(Roster.HandleFor(approval.Role), "Looked at it; go on."));
        if (!row.Requires.Gates.IsEmpty && !row.Requires.GatesVerifiedByTaker && row.Requires.Approval is not { VerifiesGates: true })
            calls.Add(DrillCall.Tool(taker, "atp_set", ("atpId", "{atp}"), ("gates", JsonParts.Array(row.Requires.Gates))));
        if (!row.Automatic) calls.Add(Taking(row, taker));

        // What automatic rows and rollbacks owe the system sends at once.
        return row.Automatic || row.Rollback ? [.. calls] : [.. calls, .. Owed(row, taker)];
    }

    private static DrillCall Taking(FlowRow row, string taker)
    {
        var tool = row.Tools.First(tool => tool is "message_ack" or "handoff" or "atp_close" or "atp_change_status" or "atp_set" or "external");
        if (row.Tools.Contains("handoff")) tool = "handoff";
        return tool switch
        {
            "message_ack" => DrillCall.Tool(taker, tool, ("messageId", "{directive}"), ("agent", taker), ("notes", row.Trigger)),
            "handoff" => DrillCall.Tool(
                taker, tool, ("atpId", "{atp}"), ("fromAgent", taker), ("toAgent", taker == "@pm" ? "@dev" : "@pm"), ("completedWork", "- " + row.Trigger),
                ("pendingWork", "- What the next row says"), ("evidence", "- This drill")),
            "atp_close" => DrillCall.Tool(taker, tool, ("atpId", "{atp}"), ("notes", row.Trigger)),
            _ => DrillCall.Tool(taker, "atp_change_status", ("atpId", "{atp}"), ("status", row.To), ("agent", taker), ("notes", row.Trigger)),
        };
    }

    private static DrillCall Artifact(string by, RequiredArtifact needed)
    {
        var sections = needed.Sections.IsDefaultOrEmpty ? ["Summary"] : needed.Sections;
        return DrillCall.Tool(
            by, "artifact_create", ("atpId", "{atp}"), ("artifactType", needed.Type), ("title", $"{needed.Type}: {{atp}}"),
            ("content", string.Join("\n\n", sections.Select(section => $"## {section}\n\n{Filler(needed.Beginning(section))}"))),
            ("outcome", needed.Outcome),
            ("persist", "store"));
    }

    private static string Filler(string beginning) => beginning.Length > 0 ? beginning + "drill" : "- Said in a drill.";

    private static ImmutableArray<DrillCall> Owed(FlowRow row, string taker)
    {
        var messages = row.Emits.Messages;
        if (row.Hitl != RowHitl.None && messages.All(message => message.Type != MessageType.HITLNotification))
            messages = [new RowMessage(MessageType.HITLNotification, Roles.Operator, Priority.P0, $"{{atp}}: {row.Trigger}", row.Trigger), .. messages];
        return
        [
            .. messages.Where(message => Roster.HandleFor(message.To) != taker).Select(message => DrillCall.AddFact(
                taker, Roster.HandleFor(message.To), message.Type.ToString(), message.Priority.ToString(), $"{row.Trigger}: {{atp}}",
                $"{row.Trigger} ({{incident}}).")),
        ];
    }

    private static string Taker(FlowRow row) => row.Role is Roles.Any or Roles.AtpOwner ? "@pm" : Roster.HandleFor(row.Role);
}
