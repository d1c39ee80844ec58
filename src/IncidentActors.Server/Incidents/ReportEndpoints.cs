using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Incidents;

/// <summary>Reports as Markdown, from the timeline; what only people know appears as <c>[missing: …]</c>.</summary>
internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/incidents/{id}/report", ReportAsync)
            .Read<string>(
                "Incidents",
                $"A report as Markdown; form is {string.Join(", ", ReportForms.Names)}. What only people know is marked as missing; "
                + "with 'Accept: application/json' it is listed separately.");

    private static async Task<IResult> ReportAsync(string id, string? form, RunningEngine engine, HttpContext http)
    {
        form ??= ReportForms.Names[0];
        if (ReportForms.Find(form) is not { } write)
            return Answer.Of(Arguments.Malformed($"The argument 'form' must be one of {string.Join(", ", ReportForms.Names)}.", [.. ReportForms.Names]));
        if (!IdText.IsWellFormed(id) || await engine.Dossiers.ReadAsync(id, http.RequestAborted) is not { } dossier)
            return Answer.Of(IncidentDecider.Unknown(id));
        var report = write(dossier);
        return WantsJson(http.Request)
            ? Answer.Json(new ReportView(id, form, report.Markdown, report.Missing))
            : TypedResults.Text(report.Markdown, "text/markdown; charset=utf-8");
    }

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));
}
