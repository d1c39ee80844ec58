using System.Collections.Immutable;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Pages.Setup;

/// <summary>Tokens without their secrets, and what was done with them. Null: the visitor may not see it.</summary>
/// <param name="Audit">Newest first, at most 100.</param>
public sealed record TokensModel(ImmutableArray<TokenView>? Tokens, ImmutableArray<AccessEntry> Audit)
{
    private const int MaxShown = 100;

    internal static async Task<TokensModel> ReadAsync(PageRequest request)
    {
        if (!SetupPages.Administers(request)) return new TokensModel(null, []);
        var services = request.Http.RequestServices;
        var tokens = await services.GetRequiredService<TokenRecords>().ListAsync(request.Aborted);
        var audit = ImmutableArray.CreateBuilder<AccessEntry>();
        for (string? after = null; ;)
        {
            (var entries, after) = await AccessAudit.ReadAsync(request.Engine.Records, after, request.Aborted);
            audit.AddRange(entries);
            if (after is null) break;
        }

        return new TokensModel([.. tokens.Select(token => TokenView.Of(token, request.Now))], [.. audit.AsEnumerable().Reverse().Take(MaxShown)]);
    }
}
