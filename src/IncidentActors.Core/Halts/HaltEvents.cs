using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>What a condition does when it is met (SPEC §4.7).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HaltMode>))]
public enum HaltMode
{
    /// <summary>Recorded what would have been halted; nothing stops.</summary>
    [JsonStringEnumMemberName("shadow")] Shadow,

    /// <summary>Agents are told; nothing stops.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>Covered turns cannot be committed.</summary>
    [JsonStringEnumMemberName("enforce")] Enforce,
}

/// <param name="Condition">The halt condition or <c>severity</c>, or null: raised by hand.</param>
/// <param name="Commander">May lift it besides the operator: the commander of the incident at the time of raising.</param>
[EventName("halt.raised.v1")]
public sealed record HaltRaised(
    HaltScope Scope, string Reason, string? Condition, string? IncidentId, HaltMode Mode, bool SparesUrgent, string? Commander) : IBirth;

/// <summary>Part of the scope works again; the rest stays halted.</summary>
[EventName("halt.lifted-partly.v1")]
public sealed record HaltLiftedPartly(HaltScope Scope, string? Notes) : IEvent;

/// <summary>The owner overrode the rules, and why (seed 003).</summary>
[EventName("halt.overridden.v1")]
public sealed record HaltOverridden(string Command, string Reason) : IEvent;

[EventName("halt.lifted.v1")]
public sealed record HaltLifted(string? Notes) : IEvent;
