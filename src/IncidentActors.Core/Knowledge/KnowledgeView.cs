namespace IncidentActors.Core.Knowledge;

/// <summary>An entry as callers see it.</summary>
/// <param name="Score">On a search: higher is nearer; comparable within one answer only.</param>
public sealed record KnowledgeView(
    string Id, long Version, KnowledgeEntry Entry, string? AtpId, string WrittenBy, DateTimeOffset WrittenAt, double? Score)
{
    public static KnowledgeView Of(KnowledgeState state, long version, double? score = null) =>
        new(state.Entry.Id, version, state.Entry, state.AtpId, state.WrittenBy, state.WrittenAt, score);
}
