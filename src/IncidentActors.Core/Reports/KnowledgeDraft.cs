using System.Collections.Immutable;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Core.Reports;

/// <summary>Seed 002 §9: the knowledge entry as the timeline gives it, for somebody to complete and to add as a KnowledgeEntry artifact.</summary>
public static class KnowledgeDraft
{
    public static Report Of(Dossier dossier)
    {
        var body = new ReportWriter();
        var incident = dossier.Incident;
        var impact = body.AsItIs(Impact(dossier), "impact");
        body.Section("## Incident Summary", dossier.Resolution?.Summary is { } summary ? $"{incident.Title}. {summary}" : incident.Title, "incident summary")
            .Line("## Timeline");
        foreach (var line in TimelineText.Of(dossier)) body.Line($"- {ReportWords.Clock(line.At, incident.StartedAt)} - {MarkdownText.Inline(line.Event)}");
        body.Line()
            .Section("## Root Cause", dossier.Section("root cause") ?? dossier.RootCause, "root cause")
            .Section("## Resolution", dossier.Fix, "resolution")
            .Section("## Prevention", dossier.Section("prevention"), "prevention")
            .Line("## Action Items");
        var items = dossier.ActionItems.ToList();
        foreach (var item in items) body.Line($"- [{(item.Finished ? 'x' : ' ')}] {MarkdownText.Inline(item.Title)} ({item.Id})");
        var written = dossier.WrittenItems.ToList();
        foreach (var item in written) body.Line($"- [{(item.Done ? 'x' : ' ')}] {MarkdownText.Inline(item.Text)}");
        if (items.Count + written.Count == 0) body.Line(body.Or(null, "action items"));
        var draft = body.Done();
        return draft with { Markdown = KnowledgeFile.Format(Entry(dossier, impact, draft.Markdown)) };
    }

    private static KnowledgeEntry Entry(Dossier dossier, string impact, string body)
    {
        var incident = dossier.Incident;
        var date = DateOnly.FromDateTime(incident.DeclaredAt.UtcDateTime);
        return new KnowledgeEntry
        {
            Id = KnowledgeEntry.IdFor(date, incident.Id),
            Title = $"{ReportWords.Scale(incident.Severity)}: {incident.Title}",
            Category = incident.Category == IncidentCategory.Security ? "security" : "bug",
            Priority = incident.Severity switch { Severity.Sev1 => "critical", Severity.Sev2 => "high", Severity.Sev3 => "medium", _ => "low" },
            Sprint = dossier.Label("sprint") is { } sprint ? $"sprint-{sprint}" : null,
            Date = date,
            Tags = Tags(dossier),
            RelatedFiles = dossier.Label("files") is { } files
                ? [.. files.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
                : [],
            Attempts = 1 + dossier.Atps.Sum(atp => atp.History.Count(entry => entry.To is "RolledBack" or "DeploymentRolledBack" or "ChangesReverted"
                || entry is { From: "Deployed", To: "Mitigated" })),
            TimeSaved = "0 hours (future prevention)",
            IncidentId = incident.Id,
            Duration = ReportWords.Minutes(dossier.Duration),
            Impact = impact,
            Body = body,
        };
    }

    private static ImmutableArray<string> Tags(Dossier dossier) =>
    [
        .. new[] { "incident", dossier.Label("service", "job"), dossier.Label("env", "environment") ?? "production",
                dossier.Incident.Category.ToString(), ReportWords.Scale(dossier.Incident.Severity) }
            .OfType<string>()
            .Select(tag => tag.ToLowerInvariant())
            .Distinct(),
    ];

    private static string? Impact(Dossier dossier)
    {
        var users = dossier.Incident.Impact ?? dossier.Incident.Assessment?.UsersAffected;
        return dossier.Label("revenue_impact") is { } revenue ? $"{users ?? "unknown users"}, {revenue} revenue at risk" : users;
    }
}
