using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>Who looks at a page: the holder of the token that signed in, or, on a server without tokens, the handle that was picked.</summary>
/// <param name="Handle">Null if not signed in: pages may be read, nothing may be changed.</param>
/// <param name="Token">The token shown; null if none are configured.</param>
/// <param name="FormToken">Proves that a form was made by a page of this visitor; empty if not signed in.</param>
public sealed record Visitor(string? Handle, AccessToken? Token, string FormToken)
{
    /// <summary>The roles of the token; without a token those of the handle in the roster.</summary>
    public ImmutableArray<string> Roles(Roster roster) => Token?.Roles ?? (Handle is null ? [] : roster.RolesOf(Handle));

    /// <summary>Whether the visitor may decide approvals addressed to the role, by a role or by delegation.
    /// For display only; the tool enforces it.</summary>
    public bool Decides(string role, Roster roster, DateTimeOffset at) =>
        Roles(roster) is var mine && (mine.Contains(role) || mine.Contains(Core.Agents.Roles.Operator) || mine.Contains(Core.Agents.Roles.Owner))
        || (Handle is not null && roster.Delegators(Handle, role, at).Any());

    private const char Divider = '~';

    internal static Visitor Of(HttpContext http)
    {
        var cookie = PageSessions.IdOf(http.Request) ?? "";
        if (TokenGate.Shown(http) is { } token) return new Visitor(token.Handle, token, FormTokenOf(cookie));
        if (TokenGate.IsGuarded(http)) return new Visitor(null, null, "");
        var handle = cookie.Split(Divider)[0];
        return Core.Agents.Handle.IsWellFormed(handle) && !Core.Agents.Handle.IsReserved(handle) && cookie.Length > handle.Length + 1
            ? new Visitor(handle, null, FormTokenOf(cookie))
            : new Visitor(null, null, "");
    }

    /// <summary>The cookie of somebody who picked a handle, where no tokens are configured.</summary>
    internal static string Picked(string handle) => handle + Divider + RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Derived from the cookie, which no page of another site can read or guess; so every node of a cluster knows it.</summary>
    private static string FormTokenOf(string cookie) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookie), "form"u8));
}
