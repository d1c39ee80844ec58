using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncidentActors.Core.Incidents;

/// <summary>A handle's part in the response: commander, responder, scribe, liaison.</summary>
public sealed record Responder(string Handle, string Role);

/// <param name="Id">The knowledge entry's.</param>
/// <param name="Score">Higher is more similar; comparable within one list only.</param>
/// <param name="Repeat">Same root cause as before.</param>
/// <param name="IncidentId">The incident that the entry is about, or null.</param>
public sealed record SimilarIncident(string Id, string Title, double Score, bool Repeat, string? IncidentId = null);

[JsonConverter(typeof(JsonStringEnumConverter<AlertStatus>))]
public enum AlertStatus
{
    [JsonStringEnumMemberName("firing")] Firing,
    [JsonStringEnumMemberName("resolved")] Resolved,
}

/// <summary>One alert as its source sent it. Equal fingerprint, status and start are one alert seen again.</summary>
/// <param name="Route">Which rules of the routes have made what of it, and what was not understood; or null.</param>
/// <param name="Severity">The alert's own; null if its source or an earlier version did not say.</param>
public sealed record AlertSeen(
    string Fingerprint, string Name, AlertStatus Status, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, string? Summary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Severity? Severity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Route = null);

/// <summary>What one alert of several says of itself: a SEV-1 criterion or a halt condition may be met by it alone.</summary>
/// <param name="Category">Null: it says none.</param>
/// <param name="Text">Its description, as far as rules look at it.</param>
public sealed record AlertSignal(
    string Fingerprint, ImmutableSortedDictionary<string, string> Labels, IncidentCategory? Category = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text = null);

public sealed record Mitigation(string Action, string? Scenario, int? ExpectedMinutes, DateTimeOffset StartedAt, string By, DateTimeOffset? DoneAt);

public sealed record Assessment(
    string? Broken, string? UsersAffected, string? Since, string? Changed, ImmutableArray<string> Checks, DateTimeOffset At, string By)
{
    /// <summary>A new answer replaces the earlier one; other answers are kept.</summary>
    public static Assessment Of(Assessment? before, IncidentAssessed assessed, DateTimeOffset at, string by) => new(
        assessed.Broken ?? before?.Broken,
        assessed.UsersAffected ?? before?.UsersAffected,
        assessed.Since ?? before?.Since,
        assessed.Changed ?? before?.Changed,
        [.. (before?.Checks ?? []).Union(assessed.Checks)],
        at,
        by);

    /// <summary>All four questions of seed 002 §2 have an answer.</summary>
    [JsonIgnore]
    public bool Complete => Broken is not null && UsersAffected is not null && Since is not null && Changed is not null;
}
