using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>
/// How wide a text will be, without a font at hand: by the widths of DejaVu Sans, the widest of the sans-serif fonts that systems
/// come with, so that what fits here fits everywhere.
/// </summary>
internal static class TextWidth
{
    /// <summary>Hundredths of the font size, from the space to the tilde.</summary>
    private static readonly byte[] Ascii =
    [
        32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
        100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50,
        50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
    ];

    private const double Bold = 1.16;
    private const double Letter = 0.85;
    private const double Picture = 1.4;

    /// <summary>In pixels.</summary>
    /// <param name="size">Font size in pixels.</param>
    public static double Of(string text, double size, bool bold = false)
    {
        var width = 0.0;
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            width += text[at] is >= ' ' and <= '~' ? Ascii[text[at] - ' '] / 100.0 : length == 1 && text[at] < '\u2000' ? Letter : Picture;
            at += length;
        }

        return width * size * (bold ? Bold : 1);
    }

    /// <summary>The text in lines of at most <paramref name="width"/>, broken between words and, where one is too long, inside it.</summary>
    /// <param name="most">Lines at most; what is left over is an ellipsis.</param>
    public static ImmutableArray<string> Wrap(string text, double size, double width, int most, bool bold = false)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var line = "";
        foreach (var word in Printable(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var piece in Pieces(word, size, width, bold))
            {
                var longer = line.Length == 0 ? piece : $"{line} {piece}";
                if (line.Length > 0 && Of(longer, size, bold) > width)
                {
                    if (lines.Count == most - 1)
                    {
                        lines.Add(line + "…");
                        return lines.ToImmutable();
                    }

                    lines.Add(line);
                    longer = piece;
                }

                line = longer;
            }
        }

        if (line.Length > 0) lines.Add(line);
        return lines.ToImmutable();
    }

    /// <summary>Without what XML cannot hold and what turns the direction of the text round it.</summary>
    public static string Printable(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (Rune.IsWhiteSpace(rune))
                kept.Append(' ');
            else if (category is not (UnicodeCategory.Control or UnicodeCategory.Format) || rune.Value == 0x200D)
                kept.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        }

        return kept.ToString();
    }

    private static IEnumerable<string> Pieces(string word, double size, double width, bool bold)
    {
        var start = 0;
        var used = 0.0;
        for (var at = 0; at < word.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(word, at);
            var own = Of(word.Substring(at, length), size, bold);
            if (at > start && used + own > width)
            {
                yield return word[start..at];
                (start, used) = (at, 0);
            }

            used += own;
            at += length;
        }

        yield return word[start..];
    }
}
