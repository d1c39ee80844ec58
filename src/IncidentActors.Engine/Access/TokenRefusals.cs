using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Access;

/// <summary>Why a token is not taken, in the words of every transport.</summary>
public static class TokenRefusals
{
    public static readonly Rejected Missing = Rejected.Role(
        Rules.TokenMissing, "Send the header 'Authorization: Bearer …' with a token; 'incident token create' makes one.");

    public static readonly Rejected Unknown = Rejected.Role(Rules.TokenUnknown, "The token is unknown, or it is not accepted here.");

    /// <summary>The token has called too often; nothing was changed.</summary>
    public static Unavailable TooMany(AccessToken token, TimeSpan after) => new(
        $"The token {token.Id} makes too many requests; send it again after {Math.Ceiling(after.TotalSeconds):0} s.", after, Known: true);

    /// <summary>The token is expired or revoked; null: it is valid.</summary>
    public static Rejected? Ended(AccessToken token, DateTimeOffset now) => token.IsValid(now)
        ? null
        : Rejected.Role(
            token.RevokedAt is null ? Rules.TokenExpired : Rules.TokenRevoked,
            $"The token {token.Id} is {token.Status(now)}; ask an operator for another.");
}
