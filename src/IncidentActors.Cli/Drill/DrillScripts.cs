using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Drill;

/// <summary>Which flows there is a drill for.</summary>
internal static class DrillScripts
{
    public static IReadOnlyList<string> Names { get; } =
        [.. FlowSet.Shipped.Latest.Where(flow => flow.Urgent).Select(flow => flow.Name), .. DrillScenario.All.Select(scenario => scenario.Name)];

    /// <summary>The script of a flow, or null.</summary>
    /// <param name="now">When it begins, UTC.</param>
    /// <param name="failure">The row that goes wrong; null if nothing does.</param>
    public static DrillScript? For(string name, DateTimeOffset now, FlowRow? failure = null) => FlowSet.Shipped.Find(name) switch
    {
        { Name: "emergency" } emergency when failure is null => SeedEmergency.Script(emergency, now),
        { Urgent: true } flow => FlowWalk.Script(flow, now, failure),
        _ => null,
    };
}
