using System.Collections.Immutable;

namespace IncidentActors.Core.Routes;

/// <summary>Words of names and texts as rules compare them: lower case, <c>LeakedCredential</c> and <c>leaked_credential</c> are two words each.</summary>
public static class RouteWords
{
    private const int MaxText = 4000;

    public static ImmutableArray<string> Of(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var begin = -1;
        var length = Math.Min(text.Length, MaxText);
        for (var i = 0; i <= length; i++)
        {
            var inside = i < length && char.IsLetterOrDigit(text[i]);
            if (begin >= 0 && (!inside || Begins(text, i)))
            {
                words.Add(text[begin..i].ToLowerInvariant());
                begin = -1;
            }

            if (inside && begin < 0) begin = i;
        }

        return words.ToImmutable();
    }

    /// <summary>The phrase's words follow each other in the text; a word that ends in <c>*</c> is a beginning.</summary>
    public static bool Contain(ImmutableArray<string> words, ImmutableArray<string> phrase)
    {
        for (var at = 0; at + phrase.Length <= words.Length; at++)
        {
            var i = 0;
            while (i < phrase.Length && IsWord(phrase[i], words[at + i])) i++;
            if (i == phrase.Length) return true;
        }

        return false;
    }

    /// <summary>The words of a rule's phrase; stars stay.</summary>
    public static ImmutableArray<string> Phrase(string text) =>
        [.. text.ToLowerInvariant().Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries)];

    private static bool IsWord(string pattern, string word) =>
        pattern.EndsWith('*') ? word.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == word;

    /// <summary>A new word begins inside camel case: <c>aB</c>, and before the last capital of <c>ABc</c>.</summary>
    private static bool Begins(string text, int i) =>
        char.IsUpper(text[i]) && (char.IsLower(text[i - 1]) || (char.IsUpper(text[i - 1]) && i + 1 < text.Length && char.IsLower(text[i + 1])));
}
