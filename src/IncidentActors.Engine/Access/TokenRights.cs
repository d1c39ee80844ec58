using System.Collections.Immutable;

namespace IncidentActors.Engine.Access;

/// <summary>What an access token says of its holder.</summary>
/// <param name="Token">Id of the token.</param>
/// <param name="Handle">The agent that the holder calls as.</param>
/// <param name="Roles">The holder's roles; they replace those of the roster.</param>
/// <param name="Team">The only team with work that the token may change; null means every team.</param>
/// <param name="ReadOnly">The token may read and change nothing.</param>
public sealed record TokenRights(string Token, string Handle, ImmutableArray<string> Roles, string? Team = null, bool ReadOnly = false)
{
    /// <summary>May administer tokens, webhooks and everything that declares no specific access.</summary>
    public bool Administers => !ReadOnly && Team is null && (Roles.Contains(Core.Agents.Roles.Operator) || Roles.Contains(Core.Agents.Roles.Owner));
}
