using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Knowledge;

/// <summary>An entry was written, by an artifact of an ATP or by an import; it replaces what stood under its id.</summary>
/// <param name="AtpId">The ATP with its KnowledgeEntry artifact; null if it was imported.</param>
[EventName("knowledge.written.v1")]
public sealed record KnowledgeWritten(KnowledgeEntry Entry, string? AtpId) : IEvent;

/// <summary>The owner overrode the rules, and why (seed 003).</summary>
[EventName("knowledge.overridden.v1")]
public sealed record KnowledgeOverridden(string Command, string Reason) : IEvent;

/// <param name="FirstWrittenAt">When the id came into being: an incident that began later is a repeat of it, never an earlier one.</param>
public sealed record KnowledgeState(
    KnowledgeEntry Entry, string? AtpId, string WrittenBy, DateTimeOffset WrittenAt, DateTimeOffset FirstWrittenAt) : IActorState
{
    public static KnowledgeState Evolve(KnowledgeState? state, RecordedEvent happened) => happened.Event switch
    {
        KnowledgeWritten e => new KnowledgeState(e.Entry, e.AtpId ?? state?.AtpId, happened.By, happened.At, state?.FirstWrittenAt ?? happened.At),
        KnowledgeOverridden => state!,
        _ => throw new InvalidOperationException($"a knowledge entry cannot handle the event {happened.Event.GetType().Name}"),
    };
}
