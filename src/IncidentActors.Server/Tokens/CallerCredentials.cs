using System.Collections.Frozen;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Access;
using IncidentActors.Engine;
using IncidentActors.Engine.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IncidentActors.Server.Tokens;

/// <summary>
/// Credentials of callers: tokens of this server, and JWTs of the configured issuers. Each subject of an issuer has one access token of this server, which
/// holds the roles that its claims give, and can be listed and revoked like any other. A revoked subject is refused, even with new JWTs of its issuer.
/// </summary>
internal sealed class CallerCredentials(IssuerSet issuers, TokenRecords tokens, EngineOptions options) : ICredentials
{
    /// <summary>The year 9999.</summary>
    private const long MaxSeconds = 253_402_300_799;

    private readonly JsonWebTokenHandler reader = new();

    /// <summary>How signature, audience and time of an issuer's tokens are checked, by its URL.</summary>
    private readonly FrozenDictionary<string, TokenValidationParameters> checks =
        issuers.Issuers.ToFrozenDictionary(issuer => issuer.Url, IssuerServices.Checks);

    public async Task<(AccessToken? Token, DateTimeOffset? SignedInAt)> FindAsync(string secret, CancellationToken cancel)
    {
        if (checks.Count == 0 || !IsJwt(secret)) return (await tokens.FindAsync(secret, cancel), null);
        if (IssuerOf(secret) is not { } issuer) return default;
        var result = await reader.ValidateTokenAsync(secret, checks[issuer.Url]);
        if (!result.IsValid) return default;
        var principal = new ClaimsPrincipal(result.ClaimsIdentity);
        return (await TakeAsync(issuer, principal, Time(principal, "exp"), cancel), SignedInAt(principal));
    }

    /// <summary>Secrets of this server have no dot.</summary>
    private static bool IsJwt(string secret) => secret.Count(static c => c == '.') == 2;

    /// <summary>The configured issuer that the token names, read before the token is validated; null if it names none, or is not a token.</summary>
    private Issuer? IssuerOf(string secret)
    {
        try
        {
            return reader.CanReadToken(secret) ? issuers.Find(new JsonWebToken(secret).Issuer) : null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    /// <summary>When the subject signed in at its issuer; null if the issuer does not say.</summary>
    public static DateTimeOffset? SignedInAt(ClaimsPrincipal principal) => Time(principal, "auth_time");

    /// <summary>The subject's access token, updated from its claims; null if the claims give no role here.</summary>
    public async Task<AccessToken?> TakeAsync(Issuer issuer, ClaimsPrincipal principal, DateTimeOffset? until, CancellationToken cancel)
    {
        if (principal.FindFirst("sub")?.Value is not { } subject || until is null) return null;
        if (issuer.Read([.. principal.Claims.Select(claim => (claim.Type, claim.Value))]) is not { } granted) return null;
        var id = IdOf(issuer, subject);
        while (true)
        {
            var known = await tokens.GetAsync(id, cancel);
            var now = options.Time.GetUtcNow();
            var noSecret = TokenSecret.Hash(TokenSecret.New(id));
            var wanted = new AccessToken(
                id, granted.Handle, granted.Roles, granted.Team, granted.ReadOnly, noSecret,
                known?.CreatedAt ?? now, issuer.Url, Later(known?.ExpiresAt, until.Value));
            if (known is not null && (known.RevokedAt is not null || IsSame(known, wanted))) return known;
            if (known is null) await tokens.AddAsync(wanted, AccessAudit.Entry(now, AccessAudit.Created, wanted, granted.Handle, null), first: false, cancel);
            else await tokens.ChangeAsync(known, wanted with { Hash = known.Hash }, cancel);
        }
    }

    private static string IdOf(Issuer issuer, string subject) => string.Concat(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer.Url}\n{subject}")).Take(TokenSecret.IdLength)
            .Select(one => TokenSecret.Alphabet[one % TokenSecret.Alphabet.Length]));

    private static DateTimeOffset Later(DateTimeOffset? known, DateTimeOffset until) => known > until ? known.Value : until;

    private static bool IsSame(AccessToken one, AccessToken other) =>
        one.Handle == other.Handle && one.Roles.SequenceEqual(other.Roles) && one.Team == other.Team && one.ReadOnly == other.ReadOnly
            && one.ExpiresAt == other.ExpiresAt;

    private static DateTimeOffset? Time(ClaimsPrincipal principal, string claim) =>
        long.TryParse(principal.FindFirst(claim)?.Value, out var seconds) && seconds is >= 0 and <= MaxSeconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
