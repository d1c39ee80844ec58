using System.Collections.Immutable;
using IncidentActors.Core.Agents;

namespace IncidentActors.Server.Pages.SigningIn;

/// <param name="Return">The path to go to then.</param>
/// <param name="Guarded">Tokens are configured: one must be shown. Else a handle is picked from <paramref name="Members"/>.</param>
/// <param name="Refusal">Why the last attempt was not let in, or null.</param>
public sealed record SignInModel(string Return, bool Guarded, ImmutableArray<RosterMember> Members, string? Refusal);
