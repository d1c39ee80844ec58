using System.Text.Json.Serialization;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Permits;

[JsonConverter(typeof(JsonStringEnumConverter<PermitStatus>))]
public enum PermitStatus
{
    /// <summary>Nothing has been reported; whether it still holds, its time and the halts say.</summary>
    [JsonStringEnumMemberName("open")] Open,
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Its time was over, and no report is needed.</summary>
    [JsonStringEnumMemberName("closed")] Closed,
}

public sealed record PermitState(
    string Id, PermitStatus Status, string Holder, string Action, string? Target, string? Environment, string? Digest, string? AtpId,
    string? IncidentId, string? Path, int Seconds, DateTimeOffset GrantedAt, DateTimeOffset Until, Subject? Subject, bool Ignored,
    string? BreakGlass, DateTimeOffset? EndedAt = null, string? EndedBy = null, string? Notes = null, string? HaltId = null) : IActorState
{
    /// <summary>Neither done, failed nor closed: listed, and an unknown one until it is settled.</summary>
    [JsonIgnore]
    public bool Unsettled => Status is PermitStatus.Open or PermitStatus.Unknown;

    public Archived? Archived { get; init; }

    /// <summary>Under which reports of the same action on the same target are found.</summary>
    public static string KeyOf(string action, string? target) => $"{action}@{target ?? "-"}".ToLowerInvariant();

    public static PermitState? Evolve(string id, PermitState? state, RecordedEvent happened) => happened.Event switch
    {
        PermitGranted e => new PermitState(
            id, PermitStatus.Open, e.Holder, e.Action, e.Target, e.Environment, e.Digest, e.AtpId, e.IncidentId, e.Path, e.Seconds, happened.At,
            e.Until, e.Subject, e.Ignored, e.BreakGlass),
        PermitRenewed e => state! with { Until = e.Until },
        PermitEnded e => state! with
        {
            Status = e.Outcome switch
            {
                PermitOutcome.Done => PermitStatus.Done,
                PermitOutcome.Failed => PermitStatus.Failed,
                _ => PermitStatus.Unknown,
            },
            EndedAt = state.EndedAt ?? happened.At,
            EndedBy = happened.By,
            Notes = e.Notes ?? state.Notes,
            HaltId = state.HaltId ?? e.HaltId,
        },
        PermitLapsed e => state! with
        {
            Status = e.Unknown ? PermitStatus.Unknown : PermitStatus.Closed, HaltId = state.HaltId ?? e.HaltId,
        },
        ActorArchived e => state! with { Archived = new Archived(happened.At, e.File) },
        ActorRestored => state! with { Archived = null },
        _ => throw new InvalidOperationException($"a permit cannot handle the event {happened.Event.GetType().Name}"),
    };
}
