using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncidentActors.Core.Incidents;

/// <summary>How bad an incident is. Lower is worse. Priority belongs to messages and ATPs and is something else.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    [JsonStringEnumMemberName("SEV-1")] Sev1 = 1,
    [JsonStringEnumMemberName("SEV-2")] Sev2 = 2,
    [JsonStringEnumMemberName("SEV-3")] Sev3 = 3,
    [JsonStringEnumMemberName("SEV-4")] Sev4 = 4,
}

public static class Severities
{
    /// <summary>What <see cref="TryParse"/> reads, for refusals.</summary>
    public const string Accepted = "SEV-1 (P0, critical), SEV-2 (P1, high), SEV-3 (P2, medium) or SEV-4 (P3, low, minor)";

    /// <summary>Every <see cref="Name"/>, the worst first.</summary>
    public static readonly ImmutableArray<string> Names = [.. Enum.GetValues<Severity>().Select(Name)];

    public static string Name(this Severity severity) => $"SEV-{(int)severity}";

    /// <summary>Reads every scale of the seeds as one: <c>P0|critical|sev1|SEV-1</c> and so on.</summary>
    public static bool TryParse(string? text, out Severity severity)
    {
        severity = text?.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal) switch
        {
            "p0" or "p0-critical" or "critical" or "sev1" or "sev-1" or "severity1" or "page" or "emergency" => Severity.Sev1,
            "p1" or "p1-high" or "high" or "major" or "error" or "sev2" or "sev-2" or "severity2" => Severity.Sev2,
            "p2" or "p2-normal" or "medium" or "moderate" or "warning" or "sev3" or "sev-3" or "severity3" => Severity.Sev3,
            "p3" or "p3-low" or "low" or "minor" or "sev4" or "sev-4" or "severity4" => Severity.Sev4,
            _ => 0,
        };
        return severity != 0;
    }

    /// <summary>When two sources disagree, the higher severity wins.</summary>
    public static Severity Higher(Severity a, Severity b) => a < b ? a : b;
}
