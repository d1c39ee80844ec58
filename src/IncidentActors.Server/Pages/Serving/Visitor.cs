using System.Security.Cryptography;
using System.Text;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>Who looks at a page: whom the token in the cookie names, or without tokens the handle that was picked; nobody when none was.</summary>
/// <param name="Handle">Null: nobody has signed in; pages may be looked at, nothing may be changed.</param>
/// <param name="Token">The token shown, or null: none are configured.</param>
/// <param name="FormToken">Proves that a form was made by a page of this visitor; empty when nobody has signed in.</param>
public sealed record Visitor(string? Handle, AccessToken? Token, string FormToken)
{
    /// <summary>Holds the token itself, or without tokens the handle and a secret. Strict, http-only, for this host alone.</summary>
    internal const string Cookie = "incident-visitor";

    private const char Divider = '~';

    internal static Visitor Of(HttpContext http)
    {
        var cookie = http.Request.Cookies[Cookie] ?? "";
        if (TokenGate.Shown(http) is { } token) return new Visitor(token.Handle, token, FormTokenOf(cookie));
        var handle = cookie.Split(Divider)[0];
        return Core.Agents.Handle.IsWellFormed(handle) && !Core.Agents.Handle.IsReserved(handle) && cookie.Length > handle.Length + 1
            ? new Visitor(handle, null, FormTokenOf(cookie))
            : new Visitor(null, null, "");
    }

    /// <summary>The cookie of somebody who picked a handle, where no tokens are configured.</summary>
    internal static string Picked(string handle) => handle + Divider + RandomNumberGenerator.GetHexString(32, lowercase: true);

    internal static CookieOptions CookieOptions(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps || request.Headers["X-Forwarded-Proto"] == "https",
        Path = "/",
        IsEssential = true,
    };

    /// <summary>Derived from the cookie, which no page of elsewhere can read or guess; so every node of a cluster knows it.</summary>
    private static string FormTokenOf(string cookie) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookie), "form"u8));
}
