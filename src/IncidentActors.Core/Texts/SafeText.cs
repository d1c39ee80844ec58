using System.Globalization;
using System.Text;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Texts;

/// <summary>
/// Writes text of outside origin (alerts, agents, people) so that it cannot pretend to be anything else in an output. Every output uses these
/// functions: MCP answers, notices to Slack, Teams and e-mail, Markdown reports, logs and the terminal. The stored text stays as it was sent.
/// </summary>
/// <remarks>
/// A character is hidden when a reader cannot see it or when it changes how other characters are shown: control characters, line and paragraph
/// separators, bidirectional controls, zero-width spaces, tag characters, and half surrogate pairs. It is written as an escape such as
/// <c>\n</c> or <c>\u202E</c>. Joiners and variation selectors that emoji and many scripts need are kept.
/// </remarks>
public static class SafeText
{
    /// <summary>The longest title in an output, in UTF-16 units.</summary>
    public const int MaxTitleLength = 300;

    /// <summary>The text on one line: line breaks and other hidden characters are written as escapes.</summary>
    /// <param name="longest">UTF-16 units; a longer result is cut at a whole character and ends with an ellipsis.</param>
    public static string OneLine(string text, int longest = MaxTitleLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        var written = Escaped(text, keepsLines: false, quoted: false);
        return Shortened.Within(written, longest);
    }

    /// <summary>The text on one line in double quotes. A quote or backslash in the text is escaped, so the text cannot end the quotation.</summary>
    /// <param name="longest">UTF-16 units of the text between the quotes.</param>
    public static string Quoted(string text, int longest = MaxTitleLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Cut before escaping: a cut through an escape would leave half of it.
        return $"\"{Escaped(Shortened.Within(text, longest), keepsLines: false, quoted: true)}\"";
    }

    /// <summary>The text with its line breaks (as <c>\n</c>), its tabs and nothing else hidden.</summary>
    public static string Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Escaped(text, keepsLines: true, quoted: false);
    }

    /// <summary>The text as a quotation: every line begins with <c>&gt; </c>, so that no line of it can be taken for a line of the output.</summary>
    public static string Block(string text) => "> " + Lines(text).Replace("\n", "\n> ", StringComparison.Ordinal);

    /// <summary>A reader cannot see the character, or it changes how others are shown.</summary>
    public static bool IsHidden(Rune character) => character.Value switch
    {
        0x200C or 0x200D => false, // The joiners of emoji and of Indic and Arabic scripts.
        0x00AD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x3164 or 0xFFA0 => true,
        >= 0x17B4 and <= 0x17B5 => true,
        >= 0x180B and <= 0x180F => true,
        >= 0xE0000 and <= 0xE0FFF => true, // Tags and more variation selectors: whole sentences can hide in them.
        _ => Rune.GetUnicodeCategory(character)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    private static string Escaped(string text, bool keepsLines, bool quoted)
    {
        var written = new StringBuilder(text.Length + 16);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var whole = Rune.DecodeFromUtf16(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (!whole)
                Append(written, rest[0]);
            else if (rune.Value is '\r' or '\n')
            {
                if (rune.Value == '\r' && rest.Length > 1 && rest[1] == '\n') length = 2;
                written.Append(keepsLines ? "\n" : "\\n");
            }
            else if (rune.Value == '\t')
                written.Append(keepsLines ? "\t" : "\\t");
            else if (quoted && rune.Value is '"' or '\\')
                written.Append('\\').Append((char)rune.Value);
            else if (IsHidden(rune))
                Append(written, rune.Value);
            else
                written.Append(rest[..length]);
            rest = rest[length..];
        }

        return written.ToString();
    }

    private static void Append(StringBuilder written, int value) =>
        written.Append(value > 0xFFFF ? "\\U" : "\\u").Append(value.ToString(value > 0xFFFF ? "X8" : "X4", CultureInfo.InvariantCulture));
}
