using System.Collections.Immutable;
using IncidentActors.Core.Knowledge;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Knowledge;

/// <param name="Query">What was searched for, or null: the newest entries.</param>
public sealed record SearchModel(string? Query, ImmutableArray<KnowledgeView> Found)
{
    public const int Most = 50;
    public const int LongestQuery = 2000;

    internal static async Task<SearchModel> ReadAsync(PageRequest request)
    {
        var query = request.Query("q") is { } asked ? asked[..Math.Min(asked.Length, LongestQuery)] : null;
        return new SearchModel(query, query is null
            ? (await request.Engine.Knowledge.ListAsync(null, Most, request.Aborted)).Items
            : await request.Engine.Knowledge.SearchAsync(query, Most, request.Aborted));
    }
}
