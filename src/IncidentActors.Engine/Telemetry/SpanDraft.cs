using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Telemetry;

/// <summary>A span as the facts give it, before its place in a trace is looked up.</summary>
/// <param name="Start">UTC; for what was waited for, the recorded time at which the waiting began.</param>
/// <param name="Parent">The incident or halt of its parent span; null if it begins a trace.</param>
internal sealed record SpanDraft(string Name, DateTimeOffset Start, DateTimeOffset End, ActorId? Parent)
{
    /// <summary>The incident or halt with later spans that are children of this one, or null.</summary>
    public ActorId? Anchors { get; init; }

    public ActivityKind Kind { get; init; } = ActivityKind.Internal;
    public ImmutableArray<KeyValuePair<string, object?>> Tags { get; init; } = [];

    /// <summary>Why what the span is about failed; null if it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>W3C <c>traceparent</c> of the caller, or null.</summary>
    public string? Link { get; init; }

    /// <summary>The actor with the question: the <c>traceparent</c> of its first event is the asker's. Or null.</summary>
    public ActorId? Asker { get; init; }

    /// <summary>Spans directly under this one.</summary>
    public ImmutableArray<SpanDraft> Children { get; init; } = [];
}
