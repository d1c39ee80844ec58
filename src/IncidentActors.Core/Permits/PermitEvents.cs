using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Permits;

/// <summary>What became of an outside action.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PermitOutcome>))]
public enum PermitOutcome
{
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Not known: shown until a person or a probe settles it.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <param name="Subject">What halts are compared with; null: its holder outranks them.</param>
/// <param name="Ignored">No report is needed: it is closed when its time is over.</param>
/// <param name="BreakGlass">The reason for which rules and halts were passed; null if they held.</param>
[EventName("permit.granted.v1")]
public sealed record PermitGranted(
    string Holder, string Action, string? Target, string? Environment, string? Digest, string? AtpId, string? IncidentId, string? Path,
    int Seconds, DateTimeOffset Until, Subject? Subject, bool Ignored, string? BreakGlass) : ICreationEvent;

[EventName("permit.renewed.v1")]
public sealed record PermitRenewed(DateTimeOffset Until) : IEvent;

/// <param name="HaltId">The halt that had ended the permit before this report; null if none had.</param>
[EventName("permit.ended.v1")]
public sealed record PermitEnded(PermitOutcome Outcome, string? Notes, string? HaltId) : IEvent;

/// <summary>The time was over without a report, or the report of an unknown outcome needs no settling.</summary>
/// <param name="Unknown">It is shown until it is settled; else it is closed.</param>
[EventName("permit.lapsed.v1")]
public sealed record PermitLapsed(bool Unknown, string? HaltId) : IEvent;
