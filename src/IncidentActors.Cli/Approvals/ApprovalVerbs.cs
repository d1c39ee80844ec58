using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Json;
using Spectre.Console;

namespace IncidentActors.Cli.Approvals;

/// <summary><c>incident approvals | approve | reject</c>.</summary>
internal static class ApprovalVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) => [List(verbs), Decide(verbs, "approve"), Decide(verbs, "reject")];

    private static Command List(Verbs verbs)
    {
        string[] states = ["open", "approved", "rejected", "voided"];
        var state = Given.Text("--state", "open, approved, rejected or voided", states).OneOf(states);
        state.DefaultValueFactory = _ => "open";
        return verbs.Make("approvals", "Questions that wait for an answer", [state], (line, cancel) =>
            line.GetAsync($"/api/approvals{Paths.Query(("state", line.Value(state)))}", answer => Listed(line, answer.Json(), line.Value(state)!), cancel));
    }

    private static Command Decide(Verbs verbs, string decision)
    {
        var id = Given.Id("id", "APR-…");
        var option = Given.Text("--option", "Which option, where there is more than yes and no");
        var note = Given.Text("--note", $"What you say with it, {LongText.Hint}");
        var means = decision == "approve" ? "Approve what an approval asks" : "Reject what an approval asks";
        return verbs.Acting(decision, means, [id, option, note], async (line, cancel) =>
        {
            var said = line.Value(note);
            if (!line.Long(ref said)) return ExitCodes.Usage;
            return await line.PostAsync(
                $"/api/approvals/{Uri.EscapeDataString(line.Value(id))}/decision",
                JsonParts.Body(("decision", decision), ("option", line.Value(option)), ("note", said)),
                _ => line.Screen.MarkupLine($"{Markup.Escape(line.Value(id))} {Words.State(decision == "approve" ? "approved" : "rejected")}"), cancel);
        });
    }

    private static void Listed(Line line, JsonElement page, string state)
    {
        var approvals = page.Items().Select(one => one.Deserialize<ApprovalView>(CoreJson.Options)!).ToList();
        if (approvals.Count == 0) line.Screen.MarkupLineInterpolated($"No {state} approvals.");
        foreach (var (index, approval) in approvals.Index())
        {
            if (index > 0) line.Screen.WriteLine();
            Details(line, approval);
        }
    }

    private static void Details(Line line, ApprovalView approval)
    {
        var now = line.Terminal.Now;
        var late = approval.Status == ApprovalStatus.Open && approval.Due < now;
        var state = Words.State(approval.Status.ToString().ToLowerInvariant());
        line.Screen.MarkupLine(
            $"[bold]{Markup.Escape(approval.Id)}[/]  {state}  {Markup.Escape(approval.AtpId)} row {approval.Row}  [bold]{Markup.Escape(approval.Question)}[/]");
        line.Screen.Write(Facts.New()
            .With("by role", Markup.Escape(approval.Role))
            .With("approvers", approval.Approvers is { } needed ? $"{approval.Given?.Length ?? 0} of {needed} persons{Givers(approval)}" : null)
            .With("asked", $"{Ago.Both(approval.AskedAt, now)} by {Markup.Escape(approval.AskedBy)}")
            .With("due", $"{(late ? "[red]overdue[/] " : "")}{Ago.Both(approval.Due, now)}, then {approval.OnTimeout.ToString().ToLowerInvariant()}")
            .With("incident", approval.IncidentId is { } incident ? Markup.Escape(incident) : null)
            .With("options", string.Join("\n", approval.Options.Select(Option)))
            .With("recommended", approval.Recommendation is { } recommended ? Markup.Escape(recommended) : null)
            .With("evidence", approval.Evidence is { } evidence ? Markup.Escape(evidence.Trim()) : null)
            .With(
                "decided",
                approval.DecidedAt is { } at
                    ? $"{Ago.Both(at, now)} by {(approval.Automatic ? "the system: not decided in time" : Decider(approval))}"
                    : null)
            .With("note", approval.Note is { } note ? Markup.Escape(note) : null));
    }

    private static string Decider(ApprovalView approval) =>
        Markup.Escape(approval.DecidedBy ?? "-") + (approval.DecidedFor is { } of ? $" for {Markup.Escape(of)}" : "");

    private static string Givers(ApprovalView approval) =>
        approval.Given is { IsEmpty: false } given ? $": {Markup.Escape(string.Join(", ", given.Select(one => one.By)))}" : "";

    private static string Option(ApprovalOption option) =>
        $"{Markup.Escape(option.Id)}: {Markup.Escape(option.Text)}{(option.Risk is { } risk ? $" [yellow](risk: {Markup.Escape(risk)})[/]" : "")}";
}
