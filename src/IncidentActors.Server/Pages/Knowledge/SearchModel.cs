using System.Collections.Immutable;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Knowledge;

/// <param name="Query">What was searched for; null for the newest entries.</param>
/// <param name="Next">Cursor of the next page of the newest entries, or null.</param>
public sealed record SearchModel(string? Query, ImmutableArray<KnowledgeView> Found, string? Next)
{
    public const int Most = 50;
    public const int MaxQueryLength = 2000;

    internal static async Task<SearchModel> ReadAsync(PageRequest request)
    {
        if (request.Query("q") is { } asked && !string.IsNullOrWhiteSpace(asked))
        {
            var query = Shortened.Cut(asked, MaxQueryLength);
            return new SearchModel(query, await request.Engine.Knowledge.SearchAsync(query, Most, request.Aborted), null);
        }

        var page = await NewestAsync(request, request.Query("after"));
        return new SearchModel(null, page.Items, page.Next);
    }

    private static async Task<Page<KnowledgeView>> NewestAsync(PageRequest request, string? after)
    {
        try
        {
            return await request.Engine.Knowledge.ListAsync(after, Most, request.Aborted);
        }
        catch (FormatException)
        {
            return await request.Engine.Knowledge.ListAsync(null, Most, request.Aborted);
        }
    }
}
