using System.Collections.Immutable;
using IncidentActors.Core.Agents;

namespace IncidentActors.Server.Pages.SigningIn;

/// <param name="Return">The path to go to then.</param>
/// <param name="Guarded">Tokens are configured: one must be shown. Else a handle is picked from <paramref name="Members"/>.</param>
/// <param name="Account">People may sign in with their organisation's account: where that begins. Null: they cannot.</param>
/// <param name="Refusal">Why the last sign-in failed, or null.</param>
public sealed record SignInModel(string Return, bool Guarded, ImmutableArray<RosterMember> Members, string? Refusal, string? Account = null);
