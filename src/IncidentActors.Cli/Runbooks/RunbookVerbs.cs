using System.CommandLine;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Runbooks;
using Spectre.Console;

namespace IncidentActors.Cli.Runbooks;

/// <summary><c>incident runbook list | dry-run | propose | approve | reject | run | show</c>: the rollbacks of seed 003.</summary>
internal static class RunbookVerbs
{
    private static readonly string[] Shipped = [.. RunbookSet.Shipped.All.Select(runbook => runbook.Id)];

    public static Command All(Verbs verbs) => Verbs.Group(
        "runbook", "Rollbacks and other procedures: dry run, approval, run, outcome", List(verbs), DryRun(verbs), Propose(verbs), Decide(verbs, "approve"),
        Decide(verbs, "reject"), Run(verbs), Show(verbs));

    private static Command List(Verbs verbs) => verbs.Make("list", "Runbooks that the server has loaded", [], (line, cancel) =>
        line.GetAsync("/api/runbooks", answer => RunbookText.List(line, answer.Json()), cancel));

    private static Command DryRun(Verbs verbs)
    {
        var (id, runbook, values) = Proposed();
        return verbs.Acting("dry-run", "Show what a runbook would do; nothing is executed", [id, runbook, values], (line, cancel) =>
            ProposeAsync(line, id, runbook, values, dryRun: true, (view, run) => StartAsync(line, view.Id, run.Id, $"{line.Key}:start", cancel), cancel));
    }

    private static Command Propose(Verbs verbs)
    {
        var (id, runbook, values) = Proposed();
        return verbs.Acting("propose", "Propose to run it for real; the approver that the runbook names decides", [id, runbook, values], (line, cancel) =>
            ProposeAsync(line, id, runbook, values, dryRun: false, (_, run) =>
            {
                RunbookText.Run(line, run);
                line.Screen.MarkupLineInterpolated(run.Status == RunStatus.Approved
                    ? (FormattableString)$"[grey]It needs no approval. Run it: incident runbook run {line.Value(id)} {run.Id}[/]"
                    : $"[grey]It waits for its approval: incident runbook approve {line.Value(id)} {run.Id}[/]");
                return Task.FromResult(ExitCodes.Ok);
            }, cancel));
    }

    private static Command Decide(Verbs verbs, string decision)
    {
        var id = Given.Id("id", "INC-…");
        var runId = Given.Id("run", "RUN-…");
        var note = Given.Text("--note", $"What you say with it, {LongText.Hint}");
        return verbs.Acting(decision, decision == "approve" ? "Approve a proposed run" : "Reject a proposed run", [id, runId, note], async (line, cancel) =>
        {
            var said = line.Value(note);
            if (!line.Long(ref said)) return ExitCodes.Usage;
            return await line.PostAsync(
                $"{RunPath(line.Value(id), line.Value(runId))}/decision", JsonParts.Body(("decision", decision), ("note", said)),
                answer => RunbookText.Run(line, Find(answer.Read<IncidentView>(), line.Value(runId))), cancel);
        });
    }

    private static Command Run(Verbs verbs)
    {
        var id = Given.Id("id", "INC-…");
        var runId = Given.Id("run", "RUN-…");
        return verbs.Acting("run", "Run what is approved, once, and wait for its outcome", [id, runId], (line, cancel) =>
            StartAsync(line, line.Value(id), line.Value(runId), line.Key, cancel));
    }

    private static Command Show(Verbs verbs)
    {
        var id = Given.Id("id", "INC-…");
        var runId = Given.Maybe("run", "RUN-…; left out: all of the incident's");
        return verbs.Make("show", "Runs of an incident, with outcome and output", [id, runId], (line, cancel) =>
            line.GetAsync(IncidentPath(line.Value(id)), answer => RunbookText.Runs(line, answer.Read<IncidentView>(), line.Maybe(runId)), cancel));
    }

    private static (Argument<string> Id, Argument<string> Runbook, Option<string[]> Values) Proposed() => (
        Given.Id("id", "INC-…"),
        Given.Word("runbook", "Id of the runbook", Shipped),
        new Option<string[]>("--value") { Description = "NAME=VALUE for each parameter of the runbook, may be repeated", HelpName = "NAME=VALUE" });

    private static async Task<int> ProposeAsync(
        Line line, Argument<string> id, Argument<string> runbook, Option<string[]> values, bool dryRun, Func<IncidentView, RunbookRun, Task<int>> then,
        CancellationToken cancel)
    {
        if (!Given.Pairs(line.Value(values), out var pairs)) return line.Fail(ExitCodes.Usage, "A value must have the form NAME=VALUE.");
        var body = JsonParts.Body(("runbook", line.Value(runbook)), ("values", pairs), ("dryRun", dryRun));
        var answer = await line.SendAsync($"{IncidentPath(line.Value(id))}/runs", body, line.Key, cancel);
        if (!answer.Ok || (line.Json && !dryRun)) return line.Show(answer, _ => { });
        var view = answer.Read<IncidentView>();
        return await then(view, view.Runs[^1]);
    }

    /// <summary>Starts a run and waits: it ends by itself, at the latest when the runbook's time is up.</summary>
    private static async Task<int> StartAsync(Line line, string incident, string runId, string key, CancellationToken cancel)
    {
        var answer = await line.SendAsync($"{RunPath(incident, runId)}/start", [], key, cancel);
        while (answer.Ok && Find(answer.Read<IncidentView>(), runId).Status == RunStatus.Running)
        {
            await line.Terminal.Pause(TimeSpan.FromMilliseconds(250), cancel);
            answer = await line.Server.GetAsync(IncidentPath(incident), cancel);
        }

        var exit = line.Show(answer, over => RunbookText.Run(line, Find(over.Read<IncidentView>(), runId)));
        return exit == ExitCodes.Ok && Find(answer.Read<IncidentView>(), runId).Status != RunStatus.Succeeded ? ExitCodes.Refused : exit;
    }

    private static RunbookRun Find(IncidentView incident, string runId) => incident.Runs.First(run => run.Id == runId);

    private static string IncidentPath(string id) => $"/api/incidents/{Uri.EscapeDataString(id)}";

    private static string RunPath(string id, string run) => $"{IncidentPath(id)}/runs/{Uri.EscapeDataString(run)}";
}
