using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Tests.Flows;

/// <summary>The embedded texts, as they are shipped.</summary>
internal static class ShippedText
{
    public static string[] Names { get; } =
    [
        "bugfix", "critical-response", "documentation", "emergency", "emergency-hotfix", "enhancement", "hotfix", "postmortem", "review", "standard",
    ];

    public static string Of(string name) => Read($"Shipped.{name}.yaml");

    public static string Schema { get; } = Read("flow.schema.json");

    private static string Read(string name)
    {
        using var stream = typeof(FlowSet).Assembly.GetManifestResourceStream($"IncidentActors.Core.Flows.{name}")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
