using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Reports;

/// <summary>The incident report: the template of seed 002, every heading of it.</summary>
public static class IncidentReport
{
    public static Report Of(Dossier dossier)
    {
        var incident = dossier.Incident;
        var write = new ReportWriter();
        write.Heading($"# Incident Report: {incident.Id}")
            .Line($"**Severity:** {ReportWords.Both(incident.Severity)}")
            .Line($"**Status:** {ReportWords.Status(incident.Status)}")
            .Line($"**Incident Commander:** {incident.Commander}")
            .Line($"**Date:** {ReportWords.Date(incident.StartedAt)}")
            .Line($"**Duration:** {Lasted(dossier)}")
            .Line();
        write.Section("## Executive Summary", Summary(dossier, write), "executive summary");
        Impact(dossier, write);
        Timeline(dossier, write);
        Cause(dossier, write);
        Resolution(dossier, write);
        ReportPrevention.Write(dossier, write);
        Related(dossier, write);
        return write.Line("#incident #emergency #postmortem").Done();
    }

    internal static string Lasted(Dossier dossier) => ReportWords.Minutes(dossier.Duration) ?? "ongoing";

    private static string? Summary(Dossier dossier, ReportWriter write)
    {
        var incident = dossier.Incident;
        if (dossier.Section("executive summary") is { } written) return written;
        var what = $"{MarkdownText.Inline(incident.Title)} ({ReportWords.Both(incident.Severity)}, {incident.Category.ToString().ToLowerInvariant()}).";
        return dossier.Resolution is { } resolved
            ? $"{what} {write.Or(resolved.Summary ?? dossier.Section("summary"), "summary of the resolution")}"
            : $"{what} {ReportWords.Status(incident.Status)}.";
    }

    private static void Impact(Dossier dossier, ReportWriter write) => write
        .Heading("## Impact")
        .Line($"- **Users Affected:** {write.Or(dossier.Incident.Assessment?.UsersAffected ?? dossier.Section("users affected"), "users affected")}")
        .Line($"- **Duration:** {Lasted(dossier)}")
        .Line($"- **Revenue Impact:** {write.Or(dossier.Label("revenue_impact", "revenue") ?? dossier.Section("revenue impact"), "revenue impact")}")
        .Line($"- **Services Affected:** {write.Or(dossier.Label("services", "service", "job") ?? dossier.Section("services affected"), "services affected")}")
        .Line();

    private static void Timeline(Dossier dossier, ReportWriter write)
    {
        write.Heading("## Timeline").Line("| Time | Event | Action |").Line("|------|-------|--------|");
        foreach (var line in TimelineText.Of(dossier))
        {
            var at = ReportWords.Clock(line.At, dossier.Incident.StartedAt);
            write.Line($"| {at} | {MarkdownText.Cell(line.Event)} | {MarkdownText.Cell(line.Action)} |");
        }

        write.Line();
    }

    private static void Cause(Dossier dossier, ReportWriter write) => write
        .Heading("## Root Cause")
        .Section("### What Happened", dossier.RootCause, "what happened")
        .Section("### Why It Happened", dossier.Section("why it happened", "underlying cause"), "why it happened")
        .Section("### Why It Wasn't Caught", dossier.Section("why it wasn t caught", "why it was not caught"), "why it was not caught");

    private static void Resolution(Dossier dossier, ReportWriter write) => write
        .Heading("## Resolution")
        .Section("### Immediate Fix", dossier.Fix, "immediate fix")
        .Section("### Code Changes", dossier.Artifact("CodeChanges") ?? dossier.Section("code changes"), "code changes")
        .Section("### Verification", Verification(dossier), "verification");

    private static string? Verification(Dossier dossier)
    {
        if (dossier.Resolution is not { } resolved) return null;
        var boxes = Checklists.Verification.Where(item => resolved.Verified.Contains(item.Id)).Select(item => $"- [x] {item.Text}");
        if (!resolved.Verified.IsEmpty) return string.Join('\n', boxes);
        var gates = dossier.Atps.SelectMany(atp => atp.Gates.Select(gate => $"- [x] {gate.Key.Replace('-', ' ')} ({gate.Value.By}, {gate.Value.Basis})"));
        return dossier.Section("verification") ?? dossier.Artifact("PMVerificationReport")
            ?? (string.Join('\n', gates) is { Length: > 0 } verified ? verified : null);
    }

    private static void Related(Dossier dossier, ReportWriter write) => write
        .Heading("## Related")
        .Line($"- **KB Entry:** {write.Or(dossier.KnowledgeId, "knowledge entry")}")
        .Line($"- **GitHub Issue:** {write.Or(dossier.Label("issue", "github_issue"), "issue")}")
        .Line($"- **Monitoring:** {write.Or(dossier.Label("dashboard", "generatorURL", "runbook_url"), "dashboard link")}")
        .Line($"- **Logs:** {write.Or(dossier.Label("logs", "log_link"), "log link")}")
        .Line();
}
