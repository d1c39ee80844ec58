using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Drill;

/// <summary>Which flows there is a drill for.</summary>
internal static class DrillScripts
{
    public static IReadOnlyList<string> Names { get; } = [.. FlowSet.Shipped.Latest.Where(flow => flow.Urgent).Select(flow => flow.Name)];

    /// <summary>The script of a flow, or null: there is none.</summary>
    public static DrillScript? For(string name) => FlowSet.Shipped.Find(name) switch
    {
        { Name: "emergency" } emergency => SeedEmergency.Script(emergency),
        { Urgent: true } flow => FlowWalk.Script(flow),
        _ => null,
    };
}
