using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Json;
using Spectre.Console;

namespace IncidentActors.Cli.Atps;

/// <summary><c>incident atp list | show | create | set | status | close</c>.</summary>
internal static class AtpVerbs
{
    private static readonly string[] Priorities = ["P0", "P1", "P2", "P3"];

    public static Command All(Verbs verbs) => Verbs.Group(
        "atp", "Atomic task packages: one piece of work with one owner each", List(verbs), Show(verbs), Create(verbs), Set(verbs), Status(verbs), Close(verbs));

    public static Argument<string> AtpId() => Given.Id("atp", "AT-…");

    private static Command List(Verbs verbs)
    {
        var incident = Given.Text("--incident", "Only this incident's");
        var owner = Given.Text("--owner", "Only this handle's").Handle();
        var status = Given.Text("--status", "Only in this state");
        var flow = Given.Text("--flow", "Only of this flow", Flows());
        var cursor = Given.Text("--cursor", "Where the page before ended");
        return verbs.Make("list", "ATPs", [incident, owner, status, flow, cursor], (line, cancel) => line.ToolAsync(
            "atp_list",
            JsonParts.Body(
                ("incidentId", line.Value(incident)), ("owner", line.HandleOf(owner)), ("status", line.Value(status)), ("flow", line.Value(flow)),
                ("cursor", line.Value(cursor))),
            answer => Listed(line, answer.Json()), cancel));
    }

    private static Command Show(Verbs verbs)
    {
        var id = AtpId();
        return verbs.Make("show", "One ATP: gates, artifacts, history, and what may come next", [id], (line, cancel) =>
            line.GetAsync($"/api/atps/{Uri.EscapeDataString(line.Value(id))}", answer => AtpText.Details(line, answer.Read<AtpView>()), cancel));
    }

    private static Command Create(Verbs verbs)
    {
        var title = new Argument<string>("title") { Description = "What is to be done" };
        var type = Given.Text("--type", "task, postmortem, review …");
        var flow = Given.Text("--flow", "The flow; else keywords in title and notes choose", Flows());
        var incident = Given.Text("--incident", "The incident it belongs to");
        var parent = Given.Text("--parent", "The ATP it follows from");
        var priority = Given.Text("--priority", "P0 … P3", Priorities).Priority();
        var owner = Given.Text("--owner", "Its owner").Handle();
        var notes = Given.Text("--notes", $"More, {LongText.Hint}");
        return verbs.Acting("create", "Create an ATP (atp_create)", [title, type, flow, incident, parent, priority, owner, notes], async (line, cancel) =>
        {
            var said = line.Value(notes);
            if (!line.Long(ref said)) return ExitCodes.Usage;
            return await line.ToolAsync(
                "atp_create",
                JsonParts.Body(
                    ("title", line.Value(title)), ("type", line.Value(type)), ("flow", line.Value(flow)), ("incidentId", line.Value(incident)),
                    ("parentAtpId", line.Value(parent)), ("priority", line.Value(priority)), ("notes", said), ("owner", line.HandleOf(owner))),
                answer => Changed(line, answer), cancel);
        });
    }

    private static Command Set(Verbs verbs)
    {
        var id = AtpId();
        var status = Given.Text("--status", "Where it goes");
        var priority = Given.Text("--priority", "P0 … P3", Priorities).Priority();
        var owner = Given.Text("--owner", "Its owner").Handle();
        var notes = Given.Text("--notes", $"More, {LongText.Hint}");
        var gates = Given.Many("--gate", "A gate that you answer with yes, may be repeated");
        const string Means = "Change an ATP, or begin an emergency or hotfix one (atp_set)";
        return verbs.Acting("set", Means, [id, status, priority, owner, notes, gates], async (line, cancel) =>
        {
            var said = line.Value(notes);
            if (!line.Long(ref said)) return ExitCodes.Usage;
            return await line.ToolAsync(
                "atp_set",
                JsonParts.Body(
                    ("atpId", line.Value(id)), ("status", line.Value(status)), ("agent", line.Agent), ("notes", said), ("owner", line.HandleOf(owner)),
                    ("priority", line.Value(priority)), ("gates", JsonParts.Array(Given.Ids(line.Value(gates), [])))),
                answer => Changed(line, answer), cancel);
        });
    }

    private static Command Status(Verbs verbs)
    {
        var id = AtpId();
        var status = Given.Word(
            "status",
            "Where it goes: a state of its flow",
            [.. FlowSet.Shipped.Latest.SelectMany(flow => flow.States).Select(state => state.Name).Distinct()]);
        var notes = Given.Text("--notes", $"More, {LongText.Hint}");
        return verbs.Acting("status", "Take a row of the flow (atp_change_status)", [id, status, notes], async (line, cancel) =>
        {
            var said = line.Value(notes);
            if (!line.Long(ref said)) return ExitCodes.Usage;
            return await line.ToolAsync(
                "atp_change_status",
                JsonParts.Body(("atpId", line.Value(id)), ("status", line.Value(status)), ("agent", line.Agent), ("notes", said)),
                answer => Changed(line, answer), cancel);
        });
    }

    private static Command Close(Verbs verbs)
    {
        var id = AtpId();
        var notes = Given.Text("--notes", $"More, {LongText.Hint}");
        return verbs.Acting("close", "Close an ATP; that ends your turn (atp_close)", [id, notes], async (line, cancel) =>
        {
            var said = line.Value(notes);
            if (!line.Long(ref said)) return ExitCodes.Usage;
            return await line.ToolAsync("atp_close", JsonParts.Body(("atpId", line.Value(id)), ("notes", said)), answer => Changed(line, answer), cancel);
        });
    }

    private static void Changed(Line line, ServerAnswer answer)
    {
        var atp = answer.Read<AtpView>();
        line.Screen.MarkupLine(AtpText.Heading(atp));
        if (atp.IncidentId is { } incident) line.Screen.MarkupLineInterpolated($"[grey]incident[/] {incident}");
        foreach (var followUp in atp.FollowUps) line.Screen.MarkupLineInterpolated($"[yellow]created {followUp.AtpId}[/] ({followUp.Type})");
        line.Screen.MarkupLine(AtpText.NextLine(atp));
    }

    private static void Listed(Line line, JsonElement page)
    {
        var atps = page.Items().Select(one => one.Deserialize<AtpView>(CoreJson.Options)!).ToList();
        if (atps.Count == 0) line.Screen.MarkupLine("No ATPs.");
        else line.Screen.Write(AtpText.List(atps));
        if (page.Text("next") is { } next) line.Screen.MarkupLineInterpolated($"[grey]More: --cursor {next}[/]");
    }

    private static string[] Flows() => [.. FlowSet.Shipped.Latest.Select(flow => flow.Name)];
}
