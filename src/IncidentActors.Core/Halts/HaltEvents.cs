using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>What a halt stops.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HaltMode>))]
public enum HaltMode
{
    /// <summary>Records what would have been halted; nothing stops.</summary>
    [JsonStringEnumMemberName("shadow")] Shadow,

    /// <summary>Agents are notified; nothing stops.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>Covered turns cannot be committed, and no covered outside action starts or continues. Also written <c>all</c>.</summary>
    [JsonStringEnumMemberName("enforce")] Enforce,

    /// <summary>No covered outside action starts or continues; work in the journal continues.</summary>
    [JsonStringEnumMemberName("outside")] Outside,

    /// <summary>Like <see cref="Enforce"/>, but outside actions that only read may start.</summary>
    [JsonStringEnumMemberName("read-only")] ReadOnly,
}

public static class HaltModes
{
    /// <summary>For sentences that refuse another word.</summary>
    public const string Accepted = "'all' (or 'enforce'), 'outside', 'read-only', 'warn' or 'shadow'";

    /// <summary>Whether the halt stops work; warn and shadow do not.</summary>
    public static bool IsEnforced(this HaltMode mode) => mode >= HaltMode.Enforce;

    public static string Name(this HaltMode mode) => mode == HaltMode.ReadOnly ? "read-only" : mode.ToString().ToLowerInvariant();

    public static bool TryParse(string? text, out HaltMode mode)
    {
        HaltMode? read = text?.Trim().ToLowerInvariant() switch
        {
            "all" or "enforce" => HaltMode.Enforce,
            "outside" => HaltMode.Outside,
            "read-only" => HaltMode.ReadOnly,
            "warn" => HaltMode.Warn,
            "shadow" => HaltMode.Shadow,
            _ => null,
        };
        mode = read.GetValueOrDefault();
        return read is not null;
    }
}

/// <param name="Condition">The halt condition or <c>severity</c>; null if it was raised by hand.</param>
/// <param name="Commander">May lift it besides the operator: the commander of the incident at the time of raising.</param>
/// <param name="BriefingRequired">True: after the lift each covered agent acknowledges what changed before its first turn.</param>
[EventName("halt.raised.v1")]
public sealed record HaltRaised(
    HaltScope Scope, string Reason, string? Condition, string? IncidentId, HaltMode Mode, bool SparesUrgent, string? Commander,
    bool? BriefingRequired = null) : ICreationEvent;

/// <summary>Part of the scope works again; the rest stays halted.</summary>
[EventName("halt.lifted-partly.v1")]
public sealed record HaltLiftedPartly(HaltScope Scope, string? Notes) : IEvent;

/// <summary>The owner overrode the rules, and why (seed 003).</summary>
[EventName("halt.overridden.v1")]
public sealed record HaltOverridden(string Command, string Reason) : IEvent;

/// <summary>The halt was still active at its review time.</summary>
/// <param name="Times">1-based step of the escalation.</param>
[EventName("halt.overdue.v1")]
public sealed record HaltOverdue(int Times, ImmutableArray<string> Told) : IEvent;

[EventName("halt.lifted.v1")]
public sealed record HaltLifted(string? Notes) : IEvent;
