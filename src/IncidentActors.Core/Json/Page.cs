using System.Collections.Immutable;

namespace IncidentActors.Core.Json;

/// <summary>One page of a list.</summary>
/// <param name="Next">Cursor of the next page; null if this was the last one.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? Next);
