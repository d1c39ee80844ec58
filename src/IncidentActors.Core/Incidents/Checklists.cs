using System.Collections.Immutable;

namespace IncidentActors.Core.Incidents;

/// <param name="Id">What callers tick.</param>
public sealed record ChecklistItem(string Id, string Text);

/// <summary>The checklists of seed 002, each box with the id by which it is ticked.</summary>
public static class Checklists
{
    /// <summary>§2 Rapid assessment, quick checks.</summary>
    public static readonly ImmutableArray<ChecklistItem> QuickChecks =
    [
        new("monitoring", "Check monitoring/logs"),
        new("deployments", "Verify deployment timeline"),
        new("dependencies", "Check external dependencies"),
        new("commits", "Review recent commits"),
    ];

    /// <summary>§7 Verification checklist: all four before an incident is resolved.</summary>
    public static readonly ImmutableArray<ChecklistItem> Verification =
    [
        new("error-rate", "Error rate returned to normal"),
        new("metrics", "Key metrics recovered"),
        new("user-reports", "User reports stopped"),
        new("no-new-issues", "No new issues introduced"),
    ];

    /// <summary>Success criteria: all eight before an incident is closed, or an override that names those skipped.</summary>
    public static readonly ImmutableArray<ChecklistItem> SuccessCriteria =
    [
        new("service-restored", "Service restored to normal"),
        new("root-cause", "Root cause identified"),
        new("hotfix-verified", "Hotfix deployed and verified"),
        new("monitoring-stable", "Monitoring confirms stability"),
        new("stakeholders-notified", "Stakeholders notified"),
        new("incident-report", "Incident report created"),
        new("kb-entry", "KB entry documented"),
        new("action-items", "Action items assigned"),
    ];

    /// <summary>Ids in <paramref name="list"/> that are not ticked, in the list's order.</summary>
    public static ImmutableArray<string> Missing(ImmutableArray<ChecklistItem> list, IEnumerable<string> ticked) =>
        [.. list.Select(item => item.Id).Except(ticked)];

    /// <summary>Ticks that the list does not know, in the caller's order.</summary>
    public static ImmutableArray<string> Unknown(ImmutableArray<ChecklistItem> list, IEnumerable<string> ticked) =>
        [.. ticked.Except(list.Select(item => item.Id))];
}
