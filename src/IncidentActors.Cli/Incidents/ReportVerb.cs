using System.CommandLine;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Reports;
using Spectre.Console;

namespace IncidentActors.Cli.Incidents;

/// <summary><c>incident report</c>: the Markdown alone on standard output, what is still missing on standard error.</summary>
internal static class ReportVerb
{
    public static Command Make(Verbs verbs)
    {
        var id = Given.Id("id", "INC-…");
        var form = Given.Text("--form", $"{string.Join(", ", ReportForms.Names)}", [.. ReportForms.Names]).OneOf([.. ReportForms.Names]);
        form.DefaultValueFactory = _ => ReportForms.Names[0];
        return verbs.Make(
            "report", "Print a report as Markdown: of the incident, or the form that --form names", [id, form],
            (line, cancel) => line.GetAsync(
                $"/api/incidents/{Uri.EscapeDataString(line.Value(id))}/report?form={line.Value(form)}",
                answer => Show(line, answer.Read<ReportView>()), cancel));
    }

    private static void Show(Line line, ReportView report)
    {
        line.Terminal.Out.Write(report.Markdown.TrimEnd('\n') + "\n");
        if (report.Missing.IsEmpty) return;
        var errors = line.Terminal.Errors;
        errors.MarkupLineInterpolated($"[yellow]Missing, because the journal does not contain it: {string.Join(", ", report.Missing)}.[/]");
        errors.MarkupLineInterpolated($"Add it with incident assess, resolve or artifact, then print the report again.");
    }
}
