using System.Collections.Immutable;

namespace IncidentActors.Core.Messages;

/// <summary>
/// Finds out which sections of a Markdown text are there and filled. What
/// stands in a fenced code block is no heading: <c># Revert</c> is a comment of the shell there.
/// </summary>
public static class Markdown
{
    /// <summary>What generated texts put where only a person knows; it fills nothing.</summary>
    private const string MissingMark = "[missing:";

    /// <summary>
    /// Headings (<c># …</c> to <c>###### …</c>, or a line of <c>**bold**</c>, with or without a number) that have text under them; lower
    /// case, letters and digits only, words parted by one space.
    /// </summary>
    public static ImmutableArray<string> FilledSections(string text)
    {
        var filled = ImmutableArray.CreateBuilder<string>();
        foreach (var (heading, line) in Lines(text))
        {
            if (heading is not null && line is not null && Says(line) && !filled.Contains(heading)) filled.Add(heading);
        }

        return filled.ToImmutable();
    }

    /// <summary>The text under a heading up to the next one, trimmed; null: no such heading, or nothing under it.</summary>
    /// <param name="heading">As <see cref="Normalize"/> writes it.</param>
    public static string? Section(string text, string heading)
    {
        var lines = Lines(text).Where(line => line.Under == heading && line.Text is not null).Select(line => line.Text!.TrimEnd());
        var section = string.Join('\n', lines).Trim();
        return section.Length > 0 ? section : null;
    }

    /// <summary>The list items (<c>- …</c>, <c>* …</c>, <c>1. …</c>, with or without a check box) under a heading, without their marks.</summary>
    public static ImmutableArray<string> ListItems(string text, string under) =>
    [
        .. Lines(text).Where(line => line.Under == under && line.Text is not null).Select(line => Item(line.Text!.Trim())).OfType<string>()
            .Where(item => item.Length > 0),
    ];

    /// <summary>Sections out of <paramref name="wanted"/> that are not filled in <paramref name="filled"/>.</summary>
    public static ImmutableArray<string> Missing(IEnumerable<string> wanted, IReadOnlyCollection<string> filled) =>
        [.. wanted.Where(section => !filled.Contains(Normalize(section)))];

    public static string Normalize(string heading)
    {
        var words = new string([.. heading.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(word => word.All(char.IsDigit));
        return string.Join(' ', words);
    }

    /// <summary>The line, trimmed, reads as a heading.</summary>
    internal static bool IsHeading(string line) => Heading(line) is not null;

    /// <summary>Every line with the heading that it stands under; the text of a heading's own line is null.</summary>
    private static IEnumerable<(string? Under, string? Text)> Lines(string text)
    {
        string? under = null;
        var fence = new MarkdownFence();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (!fence.Takes(line) && Heading(line) is { } found)
                yield return (under = found, null);
            else
                yield return (under, raw);
        }
    }

    /// <summary>There is a word in the line besides the mark of what is missing.</summary>
    private static bool Says(string line)
    {
        var mark = line.IndexOf(MissingMark, StringComparison.Ordinal);
        var end = mark < 0 ? -1 : line.IndexOf(']', mark);
        return end < 0 ? line.Any(char.IsLetterOrDigit) : line[..mark].Any(char.IsLetterOrDigit) || Says(line[(end + 1)..]);
    }

    private static string? Item(string line)
    {
        var digits = line.TakeWhile(char.IsDigit).Count();
        if (line is not ['-' or '*', ' ', ..] && (digits == 0 || digits == line.Length || line[digits] != '.')) return null;
        var item = line[(digits + 1)..].Trim();
        return item is ['[', _, ']', ..] ? item[3..].Trim() : item;
    }

    private static string? Heading(string line)
    {
        var hashes = line.TakeWhile(c => c == '#').Count();
        if (hashes is >= 1 and <= 6 && line.Length > hashes && line[hashes] == ' ') return Normalize(line[hashes..]);
        return line.Length > 4 && line.StartsWith("**", StringComparison.Ordinal) && line.TrimEnd(':').EndsWith("**", StringComparison.Ordinal)
            ? Normalize(line)
            : null;
    }
}
