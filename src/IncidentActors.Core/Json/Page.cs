using System.Collections.Immutable;

namespace IncidentActors.Core.Json;

/// <summary>One page of a list.</summary>
/// <param name="Next">Cursor of the next page, or null: this was the last.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? Next);
