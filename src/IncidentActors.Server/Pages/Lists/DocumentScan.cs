using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Lists;

/// <summary>Reads documents page by page and keeps those that match. The work is bounded: a scan that reaches its bound returns the cursor
/// at which it can be continued.</summary>
internal static class DocumentScan
{
    private const int PageSize = 100;
    private const int MaxRead = 2000;

    /// <param name="wanted">Enough matches to stop at. A page is always read whole, so there may be some more.</param>
    /// <returns>The matches in the list's order; <c>Next</c> is null when everything was read.</returns>
    public static async Task<(ImmutableArray<(TState State, long Version)> Found, string? Next)> FindAsync<TState>(
        PageRequest request, ActorFilter filter, Func<TState, bool> matches, int wanted)
        where TState : IActorState
    {
        var found = ImmutableArray.CreateBuilder<(TState, long)>();
        var read = 0;
        do
        {
            var page = await PageAsync(request, filter with { Limit = PageSize });
            foreach (var stored in page.Actors)
            {
                var state = stored.State<TState>();
                if (matches(state)) found.Add((state, stored.Version));
            }

            read += page.Actors.Length;
            filter = filter with { Cursor = page.Next };
        }
        while (filter.Cursor is not null && found.Count < wanted && read < MaxRead);

        return (found.ToImmutable(), filter.Cursor);
    }

    /// <summary>A cursor that no list query issued, as from an edited address, starts at the beginning.</summary>
    private static async Task<ActorPage> PageAsync(PageRequest request, ActorFilter filter)
    {
        try
        {
            return await request.Engine.Journal.ListAsync(filter, request.Aborted);
        }
        catch (FormatException)
        {
            return await request.Engine.Journal.ListAsync(filter with { Cursor = null }, request.Aborted);
        }
    }
}
