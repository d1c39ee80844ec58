using System.Collections.Immutable;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Pages.Forms;

/// <summary>A form that was sent and refused: shown again with the problem and with what was typed.</summary>
/// <param name="Id">Which of the page's forms.</param>
/// <param name="Key">Its idempotency key: kept where it is not known whether it was applied, else null.</param>
public sealed record FormState(string Id, ImmutableDictionary<string, ImmutableArray<string>> Values, Problem Problem, string? Key);
