using System.Collections.Immutable;

namespace IncidentActors.Core.Incidents;

/// <summary>The decision matrix of seed 002 §3: scenario → action, expected minutes.</summary>
public static class MitigationMatrix
{
    public sealed record Row(string Scenario, string Title, string Action, int Minutes);

    public static readonly ImmutableArray<Row> Rows =
    [
        new("bad-deployment", "Bad deployment", "rollback", 2),
        new("feature-bug", "Feature bug", "feature-flag", 1),
        new("external-service-down", "External service down", "fallback", 5),
        new("database-issue", "Database issue", "read-replica", 10),
    ];

    public static readonly ImmutableArray<string> Actions =
        ["rollback", "feature-flag", "traffic-routing", "scale-up", "fallback", "read-replica", "rate-limit", Other];

    /// <summary>What the notes say.</summary>
    public const string Other = "other";

    public static Row? Find(string scenario) =>
        Rows.FirstOrDefault(row => row.Scenario == scenario || string.Equals(row.Title, scenario, StringComparison.OrdinalIgnoreCase));
}
