using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Atps;

/// <summary>One condition that must hold before a row is taken.</summary>
/// <param name="Text">What is needed, in words.</param>
/// <param name="Approval">Id of the approval that is waited for, or null.</param>
public sealed record Requirement(string Text, bool Met, string? Approval = null)
{
    /// <summary>The refusal of the row while the requirement is not met.</summary>
    [JsonIgnore]
    public Rejected? Refusal { get; init; }

    /// <summary>The command line that meets it; null if it is met.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }
}
