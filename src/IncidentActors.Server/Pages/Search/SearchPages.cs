using System.Text.RegularExpressions;
using IncidentActors.Core.Agents;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Search;

internal static partial class SearchPages
{
    public static void MapSearch(this IEndpointRouteBuilder app) => app.MapPage("/search", async request =>
        Exact(request.Query("q")?.Trim()) is { } path
            ? PageContent.SeeOther(path)
            : PageContent.Of<FoundPage, FoundModel>("Search", await FoundModel.ReadAsync(request)));

    /// <summary>An id or a handle leads to its own page.</summary>
    private static string? Exact(string? text) => text switch
    {
        null => null,
        ['@', ..] when Handle.IsWellFormed(Handle.Normalize(text)) => $"/agents/{Handle.Normalize(text)}",
        _ when Incident().IsMatch(text) => $"/incidents/{text.ToUpperInvariant()}",
        _ when Atp().IsMatch(text) => $"/atps/{text.ToUpperInvariant()}",
        _ when Halt().IsMatch(text) => $"/halts/{text.ToUpperInvariant()}",
        _ => null,
    };

    [GeneratedRegex("^INC-[A-Z0-9-]+$", RegexOptions.IgnoreCase)]
    private static partial Regex Incident();

    [GeneratedRegex("^AT-[A-Z0-9-]+$", RegexOptions.IgnoreCase)]
    private static partial Regex Atp();

    [GeneratedRegex("^HLT-[A-Z0-9-]+$", RegexOptions.IgnoreCase)]
    private static partial Regex Halt();
}
