using System.Collections.Immutable;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Incidents;

/// <summary>Reports as Markdown, from the timeline; what only people know stands in them as <c>[missing: …]</c>.</summary>
internal static class ReportEndpoints
{
    private static readonly ImmutableArray<(string Form, Func<Dossier, Report> Write)> Forms =
    [
        ("incident", IncidentReport.Of),
        ("resolution", ResolutionLine.Of),
        ("chatroom", ChatroomBlock.Of),
        ("handoff", HandoffReport.Of),
        ("knowledge", KnowledgeDraft.Of),
        ("postmortem", dossier => PostmortemDraft.Of(dossier).Report()),
    ];

    public static void MapReports(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/incidents/{id}/report", ReportAsync)
            .Read<string>("Incidents", $"A report as Markdown; form is {string.Join(", ", Forms.Select(known => known.Form))}. What only people know is marked as missing.");

    private static async Task<IResult> ReportAsync(string id, string? form, RunningEngine engine, HttpContext http)
    {
        var wanted = Forms.FirstOrDefault(known => known.Form == (form ?? "incident"));
        if (wanted.Write is null)
            return Answer.Of(Arguments.Malformed($"The argument 'form' must be one of {string.Join(", ", Forms.Select(known => known.Form))}.", [.. Forms.Select(known => known.Form)]));
        return IdText.IsWellFormed(id) && await engine.Dossiers.ReadAsync(id, http.RequestAborted) is { } dossier
            ? TypedResults.Text(wanted.Write(dossier).Markdown, "text/markdown; charset=utf-8")
            : Answer.Of(IncidentDecider.Unknown(id));
    }
}
