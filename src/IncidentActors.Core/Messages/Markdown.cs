using System.Collections.Immutable;

namespace IncidentActors.Core.Messages;

/// <summary>Finds out which sections of a Markdown text are there and filled.</summary>
public static class Markdown
{
    /// <summary>
    /// Headings (<c># …</c> to <c>###### …</c>, or a line of <c>**bold**</c>, with or without a number) that have text under them; lower
    /// case, letters and digits only, words parted by one space.
    /// </summary>
    public static ImmutableArray<string> FilledSections(string text)
    {
        var filled = ImmutableArray.CreateBuilder<string>();
        string? heading = null;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (Heading(line) is { } found)
                heading = found;
            else if (heading is not null && line.Any(char.IsLetterOrDigit) && !filled.Contains(heading))
                filled.Add(heading);
        }

        return filled.ToImmutable();
    }

    /// <summary>The text under a heading up to the next one, trimmed; null: no such heading, or nothing under it.</summary>
    /// <param name="heading">As <see cref="Normalize"/> writes it.</param>
    public static string? Section(string text, string heading)
    {
        var lines = new List<string>();
        var inside = false;
        foreach (var raw in text.Split('\n'))
        {
            if (Heading(raw.Trim()) is { } found)
                inside = found == heading;
            else if (inside)
                lines.Add(raw.TrimEnd());
        }

        var section = string.Join('\n', lines).Trim();
        return section.Length > 0 ? section : null;
    }

    /// <summary>The list items (<c>- …</c>, <c>* …</c>, <c>1. …</c>, with or without a check box) under a heading, without their marks.</summary>
    public static ImmutableArray<string> ListItems(string text, string under)
    {
        var items = ImmutableArray.CreateBuilder<string>();
        string? heading = null;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (Heading(line) is { } found)
                heading = found;
            else if (heading == under && Item(line) is { Length: > 0 } item)
                items.Add(item);
        }

        return items.ToImmutable();
    }

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
