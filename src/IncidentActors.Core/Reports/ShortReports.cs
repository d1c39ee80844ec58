using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Reports;

/// <summary>Seed 002 §7: the line that declares the resolution.</summary>
public static class ResolutionLine
{
    public static Report Of(Dossier dossier)
    {
        var incident = dossier.Incident;
        var write = new ReportWriter();
        var resolved = incident.ResolvedAt is not null;
        return write
            .Line($"{(resolved ? "✅ RESOLVED" : "⏳ NOT RESOLVED")}: {incident.Id} - {MarkdownText.Inline(incident.Title)}")
            .Line($"- Duration: {IncidentReport.Lasted(dossier)}")
            .Line($"- Impact: {write.Or(incident.Impact ?? incident.Assessment?.UsersAffected ?? dossier.Section("impact"), "impact")}")
            .Line($"- Fix: {write.Or(dossier.Fix, "fix")}")
            .Done();
    }
}

/// <summary>Seed 003: what the first responder posts to the chatroom.</summary>
public static class ChatroomBlock
{
    public static Report Of(Dossier dossier)
    {
        var incident = dossier.Incident;
        var write = new ReportWriter();
        var first = incident.Responders.FirstOrDefault(responder => responder.Role == "first-responder")
            ?? incident.Responders.FirstOrDefault(responder => responder.Role != "commander");
        var over = !incident.Status.IsOngoing();
        return write
            .Line($"[TASK_ID]: INCIDENT-{ReportWords.Date(incident.DeclaredAt)}-{incident.Severity.Name()}")
            .Line($"[CURRENT_STATE]: {(over ? "UNBLOCKED" : "BLOCKED")}")
            .Line($"[PAYLOAD_PATH]: {IncidentFiles.Payload(incident)}")
            .Line($"[NEXT_HOP]: {(over ? incident.Commander : first?.Handle ?? incident.Commander)}")
            .Line()
            .Line("**INCIDENT REPORT**")
            .Line()
            .Line($"- **Severity**: {incident.Severity.Name()}")
            .Line($"- **Description**: {MarkdownText.Inline(incident.Title)}")
            .Line($"- **Impact**: {write.Or(incident.Impact ?? incident.Assessment?.UsersAffected ?? incident.Assessment?.Broken, "impact")}")
            .Line($"- **First Responder**: {first?.Handle ?? incident.Commander}")
            .Line($"- **Status**: {Status(incident.Status)}")
            .Done();
    }

    private static string Status(IncidentStatus status) => status switch
    {
        IncidentStatus.Declared or IncidentStatus.Assessing => "INVESTIGATING",
        IncidentStatus.Mitigating or IncidentStatus.Monitoring => "MITIGATING",
        _ => "RESOLVED",
    };
}

/// <summary>Seed 002: what is handed to @PM when the emergency is complete.</summary>
public static class HandoffReport
{
    public static Report Of(Dossier dossier)
    {
        var incident = dossier.Incident;
        var write = new ReportWriter();
        var sprint = dossier.Label("sprint") is { } named ? $"sprint-{named}" : write.Or(null, "sprint");
        return write
            .Line($"### /emergency Complete: {incident.Id}")
            .Line($"- **Severity:** {ReportWords.Both(incident.Severity)}")
            .Line($"- **Duration:** {IncidentReport.Lasted(dossier)}")
            .Line($"- **Impact:** {write.Or(incident.Impact ?? incident.Assessment?.UsersAffected ?? dossier.Section("impact"), "impact")}")
            .Line($"- **Resolution:** {write.Or(dossier.Resolution?.Summary ?? dossier.Fix, "resolution")}")
            .Line($"- **Incident Report:** {IncidentFiles.Report(incident, sprint)}")
            .Line($"- **KB Entry:** {write.Or(dossier.KnowledgeId, "knowledge entry")}")
            .Line($"- **Action Items:** {Assigned(dossier)}")
            .Line($"- **Next Step:** {incident.Commander} - Review action items and timeline")
            .Line()
            .Line("#emergency #incident #hotfix")
            .Done();
    }

    /// <summary>Items without an owner are not reported as assigned.</summary>
    private static string Assigned(Dossier dossier)
    {
        var all = dossier.ActionItems.Count();
        var assigned = dossier.ActionItems.Count(item => item.Owner is not null);
        return assigned == all ? $"{all} assigned" : $"{assigned} of {all} assigned";
    }
}
