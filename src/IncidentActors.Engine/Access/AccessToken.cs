using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncidentActors.Engine.Access;

/// <summary>What somebody who shows a secret may do, and under which name. The secret itself is nowhere: only its hash is kept.</summary>
/// <param name="Handle">The agent that the token identifies; for sources of alerts one of the reserved handles.</param>
/// <param name="Roles">The caller's roles; they replace those of the roster.</param>
/// <param name="Team">The token is for the work of this team only, or null.</param>
/// <param name="ReadOnly">It may look, and change nothing.</param>
/// <param name="Hash">SHA-256 (hex) of the secret.</param>
/// <param name="Sent">What asked for it under an idempotency key (<see cref="Core.Decisions.Call.Sent"/>); null if it had none.</param>
public sealed record AccessToken(
    string Id, string Handle, ImmutableArray<string> Roles, string? Team, bool ReadOnly, string Hash, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt = null, string? RevokedBy = null, string? Sent = null)
{
    /// <summary>What the policy of every transport decides by.</summary>
    [JsonIgnore]
    public TokenRights Rights => new(Id, Handle, Roles, Team, ReadOnly);

    /// <summary>May administer tokens and webhooks.</summary>
    [JsonIgnore]
    public bool Administers => Rights.Administers;

    /// <summary>Belongs to a source of alerts, not to an agent.</summary>
    [JsonIgnore]
    public bool OfSource => Core.Agents.Handle.IsReserved(Handle);

    public bool IsValid(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);

    public string Status(DateTimeOffset now) => RevokedAt is not null ? "revoked" : IsValid(now) ? "valid" : "expired";
}
