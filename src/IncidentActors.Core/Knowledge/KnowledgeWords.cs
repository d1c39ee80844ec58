using System.Collections.Frozen;
using System.Collections.Immutable;

namespace IncidentActors.Core.Knowledge;

/// <summary>The words of a text that are worth searching for: letters and digits, lower case, without very common words. Parts of one letter or
/// digit are words together only: <c>n+1</c>, which stores search as the phrase <c>n 1</c>.</summary>
public static class KnowledgeWords
{
    /// <summary>More words than these make a search no better.</summary>
    private const int Most = 32;

    /// <summary>Between the parts of one word.</summary>
    private const char Joined = '+';
    private const string Joiners = "+/&.-_";

    private static readonly FrozenSet<string> Everywhere = new[]
    {
        "a", "all", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "has", "have", "in", "into", "is", "it", "its", "no", "not", "of",
        "on", "or", "our", "out", "over", "since", "that", "the", "their", "then", "there", "this", "to", "up", "was", "were", "when", "which", "while",
        "with", "p0", "p1", "p2", "p3", "sev", "incident",
    }.ToFrozenSet();

    /// <summary>In the order of the text, each once.</summary>
    public static ImmutableArray<string> Of(string? text) =>
    [
        .. new string([.. (text ?? "").Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : Joiners.Contains(c) ? Joined : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(Parts)
            .Where(word => word.Length is > 1 and <= 64 && !Everywhere.Contains(word))
            .Distinct()
            .Take(Most),
    ];

    private static string[] Parts(string text)
    {
        var parts = text.Split(Joined, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 1 && parts.Any(part => part.Length == 1) ? [.. parts, string.Join(Joined, parts)] : parts;
    }

    /// <summary>A plural is the same word: <c>errors</c> and <c>error</c>.</summary>
    public static string Stem(string word) => word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;
}
