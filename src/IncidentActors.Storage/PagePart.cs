using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage;

/// <summary>
/// A stretch of a list that an index gives in its order. Behind a cursor there are two, the rest of its rank and the ranks after it: asked for
/// as one ("rank above, or born before"), a store walks through everything before the cursor.
/// </summary>
internal readonly record struct PagePart(int? Rank = null, int? RankAbove = null, long? BornBefore = null, long? BornAfter = null)
{
    /// <exception cref="FormatException">The cursor was not issued by a list query.</exception>
    public static PagePart[] Of(ActorFilter filter)
    {
        if (filter.Cursor is null) return [default];
        var (rank, born) = PageCursor.Before(filter);
        return filter.OldestFirst ? [new PagePart(BornAfter: born)] : [new PagePart(Rank: rank, BornBefore: born), new PagePart(RankAbove: rank)];
    }
}
