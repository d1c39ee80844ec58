using System.Globalization;

namespace IncidentActors.Core.Messages;

/// <summary>Cuts long texts where no character is broken: an emoji, a flag, a letter with its accents stays whole or goes.</summary>
public static class Shortened
{
    /// <returns>At most <paramref name="longest"/> UTF-16 units and an ellipsis.</returns>
    public static string To(string text, int longest) => text.Length <= longest ? text : Cut(text, longest) + "…";

    /// <returns>At most <paramref name="longest"/> UTF-16 units, including the ellipsis if the text was cut.</returns>
    public static string Within(string text, int longest) => text.Length <= longest ? text : Cut(text, longest - 1).TrimEnd() + "…";

    /// <returns>At most <paramref name="longest"/> UTF-16 units, and never half a surrogate pair.</returns>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest) return text;
        var end = 0;
        while (end < longest)
        {
            var next = StringInfo.GetNextTextElementLength(text, end);
            if (end + next > longest) break;
            end += next;
        }

        return end > 0 ? text[..end] : PartOfOne(text, longest);
    }

    /// <summary>One character with more accents than there is room for: as many as fit, so that something is left.</summary>
    private static string PartOfOne(string text, int longest) =>
        text[..(longest > 0 && char.IsSurrogatePair(text, longest - 1) ? longest - 1 : Math.Max(longest, 0))];
}
