using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Drill;

/// <summary>What may go wrong in a drill (seed 004, error handling): each is a row of the flow that undoes work.</summary>
internal static class DrillFailures
{
    public static IReadOnlyList<string> Names { get; } = ["tests", "security", "deploy", "stability"];

    /// <summary>The flow's row for a failure; null if it has none.</summary>
    public static FlowRow? RowOf(Flow flow, string failure) => flow.Rows.FirstOrDefault(row => row.Rollback && failure switch
    {
        "tests" => Needs(row, "TestReport", "failed"),
        "security" => Needs(row, "SecurityReview", "critical"),
        "deploy" => row.Trigger.StartsWith("Deployment failed", StringComparison.Ordinal),
        _ => Needs(row, "StabilityReport", "unstable") || row.Trigger.StartsWith("Not resolved", StringComparison.Ordinal),
    });

    private static bool Needs(FlowRow row, string type, string outcome) =>
        row.Requires.Artifacts.Any(artifact => artifact.Type == type && artifact.Outcome == outcome);
}
