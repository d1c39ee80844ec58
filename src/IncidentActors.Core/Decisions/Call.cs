using System.Collections.Immutable;

namespace IncidentActors.Core.Decisions;

/// <summary>Who calls, when, and the randomness of the call: all that a decision may know of the world besides state and command.</summary>
public sealed record Call
{
    /// <summary>UTC; the engine's clock when the turn began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The caller's handle, <c>@pm</c>; <see cref="Agents.Handle.System"/> for the system itself.</summary>
    public required string By { get; init; }

    /// <summary>Eight random characters of <c>0-9A-HJKMNP-TV-Z</c>; every id created in the turn is made from it.</summary>
    public required string Seed { get; init; }

    /// <summary>Distinguishes several sessions of one handle; the message boundary rule holds for each. Empty: the only session.</summary>
    public string Session { get; init; } = "";

    /// <summary>The caller's idempotency key; null if the command is not deduplicated.</summary>
    public string? Key { get; init; }

    /// <summary>SHA-256 (hex) of what the caller sent, where the command that is made of it holds more, such as the time of its arrival: the
    /// idempotency key belongs to what was sent, regardless of its result. Null: it belongs to the command.</summary>
    public string? Sent { get; init; }

    /// <summary>Id of the access token that the caller showed, or null.</summary>
    public string? Token { get; init; }

    /// <summary>The owner's reason for bypassing the rules (seed 003); null if the rules apply.</summary>
    public string? Override { get; init; }

    /// <summary>The caller's roles as its access token says; null for those that it is registered with.</summary>
    public ImmutableArray<string>? Roles { get; init; }

    /// <summary>The team that the access token is for, or null.</summary>
    public string? Team { get; init; }

    /// <summary>When the caller last signed in, as the issuer of its token or the session of the pages says; null: not known, as of a token alone.</summary>
    public DateTimeOffset? SignedInAt { get; init; }

    /// <summary>W3C <c>traceparent</c> of the caller, kept with every event of the turn.</summary>
    public string? Trace { get; init; }

    public bool BySystem => Agents.Handle.IsReserved(By);
}
