using System.Text;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Reports;

/// <summary>
/// Words of people and of alerts within a generated Markdown text: whatever they hold, no heading, list, table, code block, link
/// definition or HTML of theirs changes the text around them (CommonMark 0.31; tables as GitHub reads them).
/// </summary>
internal static class MarkdownText
{
    /// <summary>Marks that begin a block, or turn the line above into a heading or the head of a table.</summary>
    private const string BeginsBlock = "#>-+*=~_:[`|";

    /// <summary>In one line.</summary>
    public static string Inline(string text) => string.Join(' ', Split(text).Where(line => line.Length > 0).Select(Escaped));

    /// <summary>In one line, as a cell of a table.</summary>
    public static string Cell(string text) => Inline(text).Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Line by line as they were written: a line ends in a hard break, an empty one parts paragraphs.</summary>
    /// <param name="indent">Prefix of every line after the first, so that the lines stay in the first one's list item.</param>
    public static string Lines(string text, string indent)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        var lines = Split(text.Trim());
        var written = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                if (lines[i - 1].Length > 0) written.Append("\n\n");
                continue;
            }

            if (i > 0) written.Append(lines[i - 1].Length > 0 ? "\\\n" : "").Append(indent);
            written.Append(AtStart(lines[i]));
        }

        return written.ToString();
    }

    /// <summary>Markdown that somebody wrote as part of a section: lists and code stay, headings and HTML become text, code blocks end.</summary>
    public static string Block(string markdown)
    {
        var fence = new MarkdownFence();
        var written = new List<string>();
        foreach (var raw in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.Trim();
            written.Add(fence.Takes(line) ? raw : WithoutHtml(IsHeading(line, written) ? raw[..^raw.TrimStart().Length] + "\\" + raw.TrimStart() : raw));
        }

        if (fence.Open is { } open) written.Add(open);
        return string.Join('\n', written);
    }

    /// <summary>A heading, or the line under a paragraph that makes one of it.</summary>
    private static bool IsHeading(string line, List<string> above) =>
        Markdown.IsHeading(line) || (line.StartsWith('#') && line.TrimStart('#') is "" or ['\t', ..])
        || (line.Length > 0 && above is [.., var last] && !string.IsNullOrWhiteSpace(last) && (line.All(c => c == '=') || line.All(c => c == '-')));

    /// <summary>An unclosed HTML block or comment would swallow everything after it.</summary>
    private static string WithoutHtml(string line)
    {
        if (!line.Contains('<', StringComparison.Ordinal)) return line;
        var written = new StringBuilder();
        var code = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '`') code = !code && line.IndexOf('`', i + 1) > 0;
            if (BeginsHtml(line, i) && !code && (i == 0 || line[i - 1] != '\\')) written.Append('\\');
            written.Append(line[i]);
        }

        return written.ToString();
    }

    private static bool BeginsHtml(string line, int at) =>
        line[at] == '<' && at + 1 < line.Length && (char.IsAsciiLetter(line[at + 1]) || line[at + 1] is '/' or '!' or '?');

    private static string[] Split(string text) => [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim())];

    private static string AtStart(string line)
    {
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        if (digits > 0 && digits < line.Length && line[digits] is '.' or ')') return $"{line[..digits]}\\{Escaped(line[digits..])}";
        return BeginsBlock.Contains(line[0], StringComparison.Ordinal) ? "\\" + Escaped(line) : Escaped(line);
    }

    /// <summary>No HTML, and no backslash that would take an escape away again or break the line.</summary>
    private static string Escaped(string line)
    {
        if (line.AsSpan().IndexOfAny('<', '\\') < 0) return line;
        var written = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            var ambiguous = line[i] == '\\' && (i + 1 == line.Length || char.IsAsciiLetterOrDigit(line[i + 1]) is false && line[i + 1] <= '~');
            if (BeginsHtml(line, i) || ambiguous) written.Append('\\');
            written.Append(line[i]);
        }

        return written.ToString();
    }
}
