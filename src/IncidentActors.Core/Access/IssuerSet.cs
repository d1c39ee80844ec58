using System.Collections.Immutable;
using IncidentActors.Core.Agents;

namespace IncidentActors.Core.Access;

/// <summary>External issuers of JWTs, and how their claims map to handles and roles.</summary>
public sealed record IssuerSet(ImmutableArray<Issuer> Issuers)
{
    public static readonly IssuerSet None = new([]);

    public Issuer? Find(string? url) => Issuers.FirstOrDefault(issuer => issuer.Url == url);
}

/// <summary>One issuer.</summary>
/// <param name="Url">Its <c>iss</c>, under which its OpenID configuration is read.</param>
/// <param name="Audiences">A token for somebody else is refused.</param>
/// <param name="HandleClaim">The claim that is the caller's handle where no grant names one.</param>
/// <param name="ClientId">People sign in to the pages with this client; null: they cannot.</param>
public sealed record Issuer(
    string Url, ImmutableArray<string> Audiences, ImmutableArray<ClaimGrant> Grants, string HandleClaim = "preferred_username", string? ClientId = null)
{
    /// <summary>The handle that the claims name and what it may do; null if no grant applies or the claims name no handle.</summary>
    public Granted? Read(IReadOnlyCollection<(string Name, string Value)> claims)
    {
        var grants = Grants.Where(grant => claims.Contains((grant.Claim, grant.Value))).ToList();
        var named = grants.Select(grant => grant.Handle).FirstOrDefault(handle => handle is not null)
            ?? claims.FirstOrDefault(claim => claim.Name == HandleClaim).Value;
        if (grants.Count == 0 || string.IsNullOrWhiteSpace(named)) return null;
        var handle = Handle.Normalize(named);
        if (!Handle.IsWellFormed(handle) || Handle.IsReserved(handle)) return null;
        return new Granted(
            handle,
            [.. grants.SelectMany(grant => grant.Roles).Distinct()],
            grants.Select(grant => grant.Team).FirstOrDefault(team => team is not null),
            grants.All(grant => grant.ReadOnly));
    }
}

/// <summary>Who has the value in the claim may do this. All grants that apply are put together.</summary>
/// <param name="ReadOnly">True if the grant is read-only; the caller is read-only if all of its grants are.</param>
public sealed record ClaimGrant(string Claim, string Value, ImmutableArray<string> Roles, string? Handle = null, string? Team = null, bool ReadOnly = false);

/// <summary>The handle and the rights that an issuer's token grants.</summary>
public sealed record Granted(string Handle, ImmutableArray<string> Roles, string? Team, bool ReadOnly);
