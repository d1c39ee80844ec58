using System.Globalization;
using System.Text.Json;
using System.Xml;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Runbooks;
using Spectre.Console;

namespace IncidentActors.Cli.Runbooks;

/// <summary>Runbooks and their runs on the terminal.</summary>
internal static class RunbookText
{
    public static void List(Line line, JsonElement page)
    {
        var table = new ListTable("runbook", "values", "approved by", "needs first", "within", "does");
        foreach (var runbook in page.Items().Select(one => one.Deserialize<RunbookView>(CoreJson.Options)!))
        {
            table.AddRow(
                Words.Text(runbook.Id), Words.Text(string.Join(", ", runbook.Parameters)), Words.Text(Approval(runbook)), Words.Text(runbook.Requires),
                Ago.Length(XmlConvert.ToTimeSpan(runbook.Within)), Words.Text(runbook.Means ?? runbook.Title));
        }

        line.Screen.Write(table);
    }

    private static string? Approval(RunbookView runbook) => runbook.Approvers is { } persons ? $"{persons} of {runbook.Approval}" : runbook.Approval;

    /// <param name="wanted">One run; null for all of them.</param>
    public static void Runs(Line line, IncidentView incident, string? wanted)
    {
        var runs = incident.Runs.Where(run => wanted is null || run.Id == wanted).ToList();
        if (runs.Count == 0) line.Screen.MarkupLineInterpolated($"{incident.Id} has no {(wanted is null ? "runs" : $"run {wanted}")}.");
        foreach (var (index, run) in runs.Index())
        {
            if (index > 0) line.Screen.WriteLine();
            Run(line, run);
        }
    }

    public static void Run(Line line, RunbookRun run)
    {
        var now = line.Terminal.Now;
        var dry = run.DryRun ? "  [grey]dry run: nothing was executed[/]" : "";
        line.Screen.MarkupLine($"[bold]{Markup.Escape(run.Id)}[/]  {State(run.Status)}  [bold]{Markup.Escape(run.Runbook)}[/]{dry}");
        line.Screen.Write(Facts.New()
            .With("values", Markup.Escape(string.Join(", ", run.Values.Select(pair => $"{pair.Key}={pair.Value}"))))
            .With("proposed", $"{Ago.Both(run.ProposedAt, now)} by {Markup.Escape(run.ProposedBy)}")
            .With("approved by", run.ApprovedBy is { } given && run.Status == RunStatus.Proposed
                ? $"{Markup.Escape(string.Join(", ", given))}; {run.Approvers} different persons must approve"
                : null)
            .With("decided by", run.DecidedBy is { } by ? Markup.Escape(by) : null)
            .With("started", run.StartedAt is { } started ? Ago.Both(started, now) : null)
            .With("finished", run.FinishedAt is { } finished ? $"{Ago.Both(finished, now)} after {Ago.Length(finished - (run.StartedAt ?? finished))}" : null)
            .With("exit code", run.ExitCode?.ToString(CultureInfo.InvariantCulture))
            .With("output", run.Output is { } output ? Markup.Escape(output.TrimEnd()) : null));
    }

    private static string State(RunStatus status) => status switch
    {
        RunStatus.Succeeded or RunStatus.Approved => $"[green]{Name(status)}[/]",
        RunStatus.Proposed or RunStatus.Running => $"[yellow]{Name(status)}[/]",
        _ => $"[bold red]{Name(status)}[/]",
    };

    private static string Name(RunStatus status) => status == RunStatus.TimedOut ? "timed out" : status.ToString().ToLowerInvariant();
}
