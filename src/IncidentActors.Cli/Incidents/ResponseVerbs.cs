using System.CommandLine;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Incidents;
using Spectre.Console;

namespace IncidentActors.Cli.Incidents;

/// <summary>
/// The commands of an incident: acknowledge, assess, mitigate,
/// resolve, reopen, close, cancel, note, severity, responders, commander.
/// </summary>
internal static class ResponseVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) =>
        [
            Acknowledge(verbs), Note(verbs), Assess(verbs), Mitigate(verbs), Resolve(verbs), Reopen(verbs), Close(verbs), Cancel(verbs),
            Severity(verbs), Recategorize(verbs), Responders(verbs), Commander(verbs),
        ];

    private static Command Acknowledge(Verbs verbs)
    {
        var notes = Given.Text("--notes", $"More, {LongText.Hint}");
        return Make(verbs, "acknowledge", "Acknowledge an incident: you respond, and its escalation ends", [notes], line =>
        {
            var said = line.Value(notes);
            return line.Long(ref said) ? JsonParts.Body(("notes", said)) : null;
        });
    }

    private static Command Note(Verbs verbs)
    {
        var text = new Argument<string>("text") { Description = $"The note, {LongText.Hint}" };
        return Make(verbs, "note", "Add a note to the timeline", [text], line =>
        {
            string? note = line.Value(text);
            return line.Long(ref note) ? JsonParts.Body(("text", note)) : null;
        });
    }

    private static Command Assess(Verbs verbs)
    {
        var broken = Given.Text("--broken", "What is broken");
        var users = Given.Text("--users", "How many users are affected");
        var since = Given.Text("--since", "Since when");
        var changed = Given.Text("--changed", "What changed");
        var checks = Given.Many("--check", $"Quick checks made: {Ids(Checklists.QuickChecks)}", Suggested(Checklists.QuickChecks));
        const string Means = "Record the assessment, due within 5 minutes; several calls may add to it";
        return Make(verbs, "assess", Means, [broken, users, since, changed, checks], line => JsonParts.Body(
            ("broken", line.Value(broken)), ("usersAffected", line.Value(users)), ("since", line.Value(since)), ("changed", line.Value(changed)),
            ("checks", Ticked(line.Value(checks), Checklists.QuickChecks))));
    }

    private static Command Mitigate(Verbs verbs)
    {
        var action = Given.Maybe("action", string.Join(", ", MitigationMatrix.Actions), [.. MitigationMatrix.Actions]);
        var matrix = string.Join(", ", MitigationMatrix.Rows.Select(row => $"{row.Scenario} ({row.Action}, {row.Minutes} min)"));
        var scenario = Given.Text("--scenario", $"Decides the action: {matrix}", [.. MitigationMatrix.Rows.Select(row => row.Scenario)]);
        var minutes = new Option<int?>("--expected") { Description = "Minutes until it should work", HelpName = "MINUTES" };
        var done = new Option<bool>("--done") { Description = "The mitigation works; the incident is monitored from now on" };
        var notes = Given.Text("--notes", $"More, {LongText.Hint}");
        const string Means = "Begin a mitigation, or report that it works (--done). A mitigated incident is not resolved yet";
        return Make(verbs, "mitigate", Means, [action, scenario, minutes, done, notes], line =>
        {
            var said = line.Value(notes);
            return line.Long(ref said)
                ? JsonParts.Body(
                    ("action", line.Maybe(action)), ("scenario", line.Value(scenario)), ("expectedMinutes", line.Value(minutes)),
                    ("done", line.Value(done) ? true : null), ("notes", said))
                : null;
        });
    }

    private static Command Resolve(Verbs verbs)
    {
        var verified = Given.Many(
            "--verified",
            $"What was verified; all four are needed: {Ids(Checklists.Verification)}; or all",
            Suggested(Checklists.Verification));
        var summary = Given.Text("--summary", $"What happened, {LongText.Hint}");
        var impact = Given.Text("--impact", "Who was affected, and how");
        var fix = Given.Text("--fix", "What fixed it");
        var noFix = Given.Text("--no-fix", "Why no fix was needed, when none was deployed");
        const string Means = "Resolve an incident: a fix is deployed, or none was needed, and the result is verified";
        return Make(verbs, "resolve", Means, [verified, summary, impact, fix, noFix], line =>
        {
            var said = line.Value(summary);
            return line.Long(ref said)
                ? JsonParts.Body(
                    ("verified", Ticked(line.Value(verified), Checklists.Verification)),
                    ("summary", said),
                    ("impact", line.Value(impact)),
                    ("fix", line.Value(fix)),
                    ("noFix", line.Value(noFix)))
                : null;
        });
    }

    private static Command Close(Verbs verbs)
    {
        var criteria = Given.Many(
            "--criteria",
            $"Success criteria that are met: {Ids(Checklists.SuccessCriteria)}; or all",
            Suggested(Checklists.SuccessCriteria));
        var reason = Given.Text("--skip", "Why criteria that are not met are skipped; it is recorded");
        var before = Given.Text("--override", "The former name of --skip");
        before.Hidden = true;
        var notes = Given.Text("--notes", $"More, {LongText.Hint}");
        return Make(verbs, "close", "Close a resolved incident; it stays closed", [criteria, reason, before, notes], line =>
        {
            var said = line.Value(notes);
            return line.Long(ref said)
                ? JsonParts.Body(
                    ("criteria", Ticked(line.Value(criteria), Checklists.SuccessCriteria)),
                    ("overrideReason", line.Value(reason) ?? line.Value(before)),
                    ("notes", said))
                : null;
        });
    }

    private static Command Reopen(Verbs verbs) => WithReason(verbs, "reopen", "Reopen a resolved incident");

    private static Command Cancel(Verbs verbs) => WithReason(verbs, "cancel", "Cancel an incident that was a false alarm");

    private static Command WithReason(Verbs verbs, string name, string description)
    {
        var reason = new Argument<string>("reason") { Description = "Why" };
        return Make(verbs, name, description, [reason], line => JsonParts.Body(("reason", line.Value(reason))));
    }

    private static Command Severity(Verbs verbs)
    {
        var severity = Given.Word("severity", Severities.Accepted, [.. Severities.Names]).Severity();
        var reason = Given.Text("--reason", "Why");
        const string Means = "Change the severity; every responder may raise it, the commander and @operator may lower it";
        return Make(verbs, "severity", Means, [severity, reason], line =>
            JsonParts.Body(("severity", line.Value(severity)), ("reason", line.Value(reason))));
    }

    private static Command Recategorize(Verbs verbs)
    {
        var category = Given.Word("category", IncidentCategories.Accepted, [.. IncidentCategories.Words.Select(word => word.Text)]);
        var reason = Given.Text("--reason", "Why");
        return Make(verbs, "recategorize", "Correct the category; it decides the responders, the escalation and the halt condition", [category, reason], line =>
            JsonParts.Body(("category", line.Value(category)), ("reason", line.Value(reason))));
    }

    private static Command Responders(Verbs verbs)
    {
        var handle = Given.Word("handle", "Who").Handle();
        var role = Given.Text("--role", "Role in the response: responder, scribe, stakeholder-liaison …", "responder", "scribe", "stakeholder-liaison");
        return Make(verbs, "responders", "Add a responder", [handle, role], line => JsonParts.Body(("handle", line.Value(handle)), ("role", line.Value(role))));
    }

    private static Command Commander(Verbs verbs)
    {
        var handle = Given.Word("handle", "The new commander").Handle();
        var reason = Given.Text("--reason", "Why");
        return Make(
            verbs,
            "commander",
            "Change the commander",
            [handle, reason],
            line => JsonParts.Body(("handle", line.Value(handle)), ("reason", line.Value(reason))));
    }

    /// <param name="body">What is sent; null: something given cannot be read, which has been said.</param>
    private static Command Make(Verbs verbs, string name, string description, IEnumerable<Symbol> takes, Func<Line, JsonObject?> body)
    {
        var id = Given.Id("id", "INC-…");
        return verbs.Acting(name, description, [id, .. takes], async (line, cancel) =>
            body(line) is { } sent
                ? await line.PostAsync(
                    $"/api/incidents/{Uri.EscapeDataString(line.Value(id))}/{name}",
                    sent,
                    answer => Changed(line, answer.Read<IncidentView>()),
                    cancel)
                : ExitCodes.Usage);
    }

    private static void Changed(Line line, IncidentView incident)
    {
        line.Screen.MarkupLine(IncidentText.Heading(incident));
        line.Screen.MarkupLineInterpolated($"[grey]Next: incident next {incident.Id}[/]");
    }

    private static JsonArray Ticked(string[]? given, ImmutableArray<ChecklistItem> list) => JsonParts.Array(Given.Ids(given, list.Select(item => item.Id)));

    private static string Ids(ImmutableArray<ChecklistItem> list) => string.Join(", ", list.Select(item => item.Id));

    private static string[] Suggested(ImmutableArray<ChecklistItem> list) => [.. list.Select(item => item.Id), "all"];
}
