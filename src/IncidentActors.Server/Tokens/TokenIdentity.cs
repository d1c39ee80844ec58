using System.Globalization;
using System.Security.Claims;
using IncidentActors.Engine.Access;

namespace IncidentActors.Server.Tokens;

/// <summary>The holder of a token as claims, with the token itself.</summary>
/// <param name="signedInAt">When the holder has signed in; null if the token alone was shown.</param>
internal sealed class TokenIdentity(AccessToken token, string scheme, DateTimeOffset? signedInAt = null)
    : ClaimsIdentity(Of(token), scheme, ClaimTypes.Name, ClaimTypes.Role)
{
    public const string TeamClaim = "team";
    public const string ReadOnlyClaim = "read_only";

    public AccessToken Token => token;

    public DateTimeOffset? SignedInAt => signedInAt;

    private static IEnumerable<Claim> Of(AccessToken token)
    {
        yield return new Claim(ClaimTypes.NameIdentifier, token.Id);
        yield return new Claim(ClaimTypes.Name, token.Handle);
        yield return new Claim(ReadOnlyClaim, token.ReadOnly.ToString(CultureInfo.InvariantCulture));
        if (token.Team is { } team) yield return new Claim(TeamClaim, team);
        foreach (var role in token.Roles) yield return new Claim(ClaimTypes.Role, role);
    }
}
