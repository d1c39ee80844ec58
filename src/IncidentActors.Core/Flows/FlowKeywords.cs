using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace IncidentActors.Core.Flows;

/// <summary>Finds keywords in text as whole words. Case and <c>-</c>, <c>_</c>, spaces do not count, and severity is written many ways:
/// <c>sev1</c>, <c>SEV-1</c>, <c>sev 1</c> and <c>Severity 1</c> are one keyword.</summary>
public static partial class FlowKeywords
{
    /// <summary>Letters and digits in lower case: the same for every spelling of a name.</summary>
    internal static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The one writing of a keyword, without separators; empty when it has neither letter nor digit.</summary>
    public static string Normalise(string keyword) => string.Concat(Words(keyword));

    /// <summary>
    /// The flows with a keyword in the text, one entry for each occurrence. An occurrence inside a longer
    /// keyword of any of the flows does not count: <c>emergency hotfix</c> does not match <c>emergency</c>.
    /// </summary>
    internal static IEnumerable<Flow> Matches(IEnumerable<Flow> flows, string text)
    {
        var words = Words(text);
        List<(Flow Flow, int Start, int End)> found = [];
        foreach (var flow in flows)
        {
            foreach (var keyword in flow.Keywords.Select(Normalise).Where(keyword => keyword.Length > 0))
                found.AddRange(Spans(words, keyword).Select(span => (flow, span.Start, span.End)));
        }

        return found.Where(match => !found.Any(other => Covers(other, match))).Select(match => match.Flow);
    }

    private static bool Covers((Flow Flow, int Start, int End) outer, (Flow Flow, int Start, int End) inner) =>
        outer.Start <= inner.Start && inner.End <= outer.End && outer.End - outer.Start > inner.End - inner.Start;

    /// <summary>Runs of whole words that, written together, are the keyword; the end is exclusive.</summary>
    private static IEnumerable<(int Start, int End)> Spans(ImmutableArray<string> words, string keyword)
    {
        for (var start = 0; start < words.Length; start++)
        {
            var length = 0;
            for (var end = start; end < words.Length && length < keyword.Length; end++)
            {
                if (!keyword.AsSpan(length).StartsWith(words[end])) break;
                length += words[end].Length;
                if (length == keyword.Length) yield return (start, end + 1);
            }
        }
    }

    private static ImmutableArray<string> Words(string text) =>
        [.. WordShape().Matches(text.Normalize(NormalizationForm.FormKC).ToLowerInvariant()).SelectMany(Split)];

    private static IEnumerable<string> Split(Match word)
    {
        var severity = SeverityShape().Match(word.Value);
        return severity.Success ? ["sev", .. Digits(severity)] : [word.Value];
    }

    private static IEnumerable<string> Digits(Match severity) => severity.Groups[1].Length > 0 ? [severity.Groups[1].Value] : [];

    [GeneratedRegex(@"[\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex WordShape();

    [GeneratedRegex(@"^sev(?:erity)?([0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex SeverityShape();
}
