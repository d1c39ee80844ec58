using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Policies;

/// <summary>Response times by severity. The seeds disagree: both sets ship under a name, the stricter is the default.</summary>
public static class ClockPolicy
{
    /// <summary>The stricter of both seeds for each severity.</summary>
    public const string Strict = "strict";

    /// <summary>15 min, 1 h, 4 h.</summary>
    public const string Seed002 = "seed-002";

    /// <summary>At once (15 min to acknowledge), 30 min, 2 h, next sprint.</summary>
    public const string Seed003 = "seed-003";

    public static readonly IReadOnlyList<string> Names = [Strict, Seed002, Seed003];

    /// <exception cref="ArgumentException">No policy of that name.</exception>
    public static TimeSpan? RespondWithin(string policy, Severity severity) => (policy, severity) switch
    {
        (Strict or Seed003, Severity.Sev1) => TimeSpan.FromMinutes(15),
        (Strict or Seed003, Severity.Sev2) => TimeSpan.FromMinutes(30),
        (Strict or Seed003, Severity.Sev3) => TimeSpan.FromHours(2),
        (Seed002, Severity.Sev1) => TimeSpan.FromMinutes(15),
        (Seed002, Severity.Sev2) => TimeSpan.FromHours(1),
        (Seed002, Severity.Sev3) => TimeSpan.FromHours(4),
        (Strict or Seed002 or Seed003, Severity.Sev4) => null,
        _ => throw new ArgumentException($"No clock policy '{policy}'; there are {string.Join(", ", Names)}.", nameof(policy)),
    };
}
