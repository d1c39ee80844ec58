using System.Globalization;

namespace IncidentActors.Engine.Journals;

/// <summary>A place in the feed: behind the event with this position. Opaque to everybody but the journals.</summary>
/// <param name="Transaction">Orders events before their position does, where transactions may commit out of order; else 0.</param>
public readonly record struct FeedCursor(long Transaction, long Position)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Transaction}.{Position}");

    /// <summary>Null is the beginning.</summary>
    /// <exception cref="FormatException">The text is not a cursor of a feed.</exception>
    public static FeedCursor Parse(string? text)
    {
        if (text is null) return default;
        var (transaction, position) = CursorText.Parse(text);
        return new FeedCursor(transaction, position);
    }
}

/// <summary>A place in a list: behind the document with this rank and birth. Opaque to everybody but the journals.</summary>
/// <param name="Born">Ascending in the order in which actors came into being.</param>
public readonly record struct PageCursor(int Rank, long Born)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rank}.{Born}");

    /// <summary>Null is the beginning of the list in the filter's order.</summary>
    /// <exception cref="FormatException">The cursor was not issued by a list query.</exception>
    public static PageCursor Before(ActorFilter filter)
    {
        if (filter.Cursor is null) return new PageCursor(int.MinValue, filter.OldestFirst ? long.MinValue : long.MaxValue);
        var (rank, born) = CursorText.Parse(filter.Cursor);
        return rank is >= int.MinValue and <= int.MaxValue ? new PageCursor((int)rank, born) : throw CursorText.Unknown();
    }
}

internal static class CursorText
{
    public static (long First, long Second) Parse(ReadOnlySpan<char> text)
    {
        var dot = text.IndexOf('.');
        return dot > 0
            && long.TryParse(text[..dot], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var second)
                ? (first, second)
                : throw Unknown();
    }

    public static FormatException Unknown() => new("The cursor was not issued by this journal.");
}
