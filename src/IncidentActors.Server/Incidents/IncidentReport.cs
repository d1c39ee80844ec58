using System.Globalization;
using System.Text;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Events;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Incidents;

/// <summary>The incident report in the template of seed 002, from what is recorded. What only people know is marked as missing, never invented.</summary>
internal static class IncidentReport
{
    private const string Missing = "_Missing: to be filled in by the people involved._";

    /// <summary>The report, or null: no such incident.</summary>
    public static async Task<string?> WriteAsync(RunningEngine engine, string id, CancellationToken cancel)
    {
        if (await engine.Actors.Incident(id).GetAsync() is not { } incident) return null;
        var text = new StringBuilder();
        Head(text, incident);
        text.Append("## Timeline\n| Time (UTC) | Event | By |\n|------|-------|----|\n");
        await foreach (var one in engine.TimelineAsync(id, cancel))
            text.Append(CultureInfo.InvariantCulture, $"| {one.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} | {Cell(EventText.Of(one))} | {one.By} |\n");
        text.Append($"\n## Root Cause\n{Missing}\n\n");
        text.Append($"## Resolution\n### Immediate Fix\n{incident.Fix ?? Missing}\n\n");
        foreach (var mitigation in incident.Mitigations)
            text.Append(CultureInfo.InvariantCulture, $"- {mitigation.Action}, by {mitigation.By} at {mitigation.StartedAt.UtcDateTime:HH:mm}{(mitigation.DoneAt is { } done ? $", working at {done.UtcDateTime:HH:mm}" : "")}\n");
        text.Append($"\n## Prevention\n{Missing}\n\n## Lessons Learned\n{Missing}\n\n## Action Items\n{Missing}\n\n");
        text.Append($"## Related\n- **ATPs:** {Listed(incident.Atps)}\n- **Similar incidents:** {Listed(incident.Similar.Select(similar => $"{similar.Id} ({similar.Title})"))}\n");
        return text.ToString();
    }

    private static void Head(StringBuilder text, IncidentView incident)
    {
        text.Append(CultureInfo.InvariantCulture, $"# Incident Report: {incident.Id}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"**Severity:** {incident.Severity.Name()}\n**Status:** {incident.Status.Name()}\n");
        text.Append(CultureInfo.InvariantCulture, $"**Incident Commander:** {incident.Commander}\n**Date:** {incident.DeclaredAt.UtcDateTime:yyyy-MM-dd}\n");
        text.Append(CultureInfo.InvariantCulture, $"**Duration:** {Duration(incident)}\n\n## Executive Summary\n{incident.Title}. {incident.Description ?? Missing}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"## Impact\n- **Users Affected:** {incident.Assessment?.UsersAffected ?? incident.Impact ?? Missing}\n");
        text.Append(CultureInfo.InvariantCulture, $"- **Duration:** {Duration(incident)}\n- **Revenue Impact:** {Missing}\n- **Services Affected:** {incident.Assessment?.Broken ?? Missing}\n\n");
    }

    private static string Duration(IncidentView incident) =>
        incident.ResolvedAt is { } resolved
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Ceiling((resolved - incident.StartedAt).TotalMinutes)):0} minutes")
            : "not over yet";

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "none";

    private static string Cell(string text) => text.Replace('\n', ' ').Replace("|", "\\|", StringComparison.Ordinal);
}
