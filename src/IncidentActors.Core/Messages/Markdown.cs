using System.Collections.Immutable;

namespace IncidentActors.Core.Messages;

/// <summary>
/// Finds out which sections of a Markdown text are there and filled. What
/// is in a fenced code block is not a heading: <c># Revert</c> is a shell comment there.
/// </summary>
public static class Markdown
{
    /// <summary>
    /// Headings (<c># …</c> to <c>###### …</c>, or a line of <c>**bold**</c>, with or without a number) that have text under them or under one of
    /// their sub-headings, which a title (<c># …</c>) does not have; lower case, letters and digits only, words parted by one space.
    /// </summary>
    public static ImmutableArray<string> FilledSections(string text)
    {
        var filled = ImmutableArray.CreateBuilder<string>();
        foreach (var (heading, line, _) in Lines(text))
        {
            if (line is null || !FilledText.Says(line)) continue;
            foreach (var above in heading.Where(above => !filled.Contains(above))) filled.Add(above);
        }

        return filled.ToImmutable();
    }

    /// <summary>The text under a heading and its sub-headings up to the next of its level, trimmed; null: no such heading, or nothing under it.</summary>
    /// <param name="heading">As <see cref="Normalize"/> writes it.</param>
    public static string? Section(string text, string heading)
    {
        var lines = Lines(text).Where(line => line.Under.Contains(heading) && (line.Text is not null || line.Under[^1] != heading))
            .Select(line => line.Text?.TrimEnd() ?? $"**{line.Heading}**");
        var section = string.Join('\n', lines).Trim();
        return section.Length > 0 ? section : null;
    }

    /// <summary>The lines under a heading and its sub-headings.</summary>
    public static IEnumerable<string> LinesUnder(string text, string heading) =>
        Lines(text).Where(line => line.Under.Contains(heading)).Select(line => line.Text ?? "");

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

    /// <summary>Every line with its headings, the innermost last; the text of a heading's own line is null.</summary>
    private static IEnumerable<(ImmutableArray<string> Under, string? Text, string Heading)> Lines(string text)
    {
        ImmutableArray<(string Heading, int Level)> under = [];
        var fence = new MarkdownFence();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            var heading = !fence.Takes(line) && Heading(line) is { } found;
            if (heading)
            {
                var level = Level(line);
                under = [.. under.Where(above => above.Level > 1 && above.Level < level), (Heading(line)!, level)];
            }

            yield return ([.. under.Select(above => above.Heading)], heading ? null : raw, heading ? line.Trim('#', '*', ' ', ':') : "");
        }
    }

    /// <summary>1 to 6; a line in bold is below them all.</summary>
    private static int Level(string line) => line.TakeWhile(c => c == '#').Count() is var hashes and > 0 ? hashes : 7;

    /// <summary>A list item (<c>- …</c>, <c>* …</c>, <c>• …</c>, <c>1. …</c>, with or without a check box) without its marks; null if the line is not
    /// one.</summary>
    internal static string? ItemOf(string line)
    {
        var digits = line.TakeWhile(char.IsDigit).Count();
        if (line is not ['-' or '*' or '+' or '•' or '–' or '—', ' ' or '\t', ..] && (digits == 0 || line[digits..] is not ['.' or ')', ..])) return null;
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
