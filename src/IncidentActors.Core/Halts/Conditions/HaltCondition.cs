using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Halts.Conditions;

/// <summary>
/// A reason to halt without asking (seed 003, automatic halt conditions). The routes say which signals meet it; the duty of its category in
/// the roster says who responds and who is notified next.
/// </summary>
/// <param name="Means">The seed's sentence.</param>
/// <param name="Category">Null: of any, as <see cref="Severity1"/>.</param>
/// <param name="BriefingRequired">True: after the lift each covered agent acknowledges what changed before its first turn.</param>
public sealed record HaltCondition(
    string Id, string Title, string? Means, IncidentCategory? Category, HaltMode Mode, HaltScope Scope, bool? BriefingRequired = null)
{
    /// <summary>The id of the condition that every SEV-1 meets, in every category.</summary>
    public const string Severity1 = "severity";
}
