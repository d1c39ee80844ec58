using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace IncidentActors.Core.Messages;

/// <summary>Distinguishes text from placeholders: "-", "TBD", "N/A", "todo", "none", "…" and placeholders in brackets fill nothing.</summary>
public static partial class FilledText
{
    private static readonly FrozenSet<string> Empty = new[]
    {
        "", "tbd", "tba", "tbc", "todo", "to do", "fixme", "n a", "na", "not applicable", "none", "nothing", "nil", "null", "xxx", "placeholder",
        "pending", "later",
        "not done", "to be done", "to be defined", "to be determined", "missing",
    }.ToFrozenSet();

    /// <summary>Some line of the text says something.</summary>
    public static bool IsFilled(string? text) => text is not null && text.Split('\n').Any(Says);

    /// <summary>The line, without list marks, check boxes, table bars and placeholders, has words other than placeholders.</summary>
    public static bool Says(string line)
    {
        var bare = Bracket().Replace(ListMark().Replace(CheckBox().Replace(line, " "), " "), " ");
        return !Empty.Contains(string.Join(' ', WordShape().Matches(bare.ToLowerInvariant()).Select(match => match.Value)));
    }

    /// <summary>"None" and its like, where nothing may be the answer: pending work after the last step.</summary>
    public static bool IsNothing(string text) => WordShape().Matches(text.ToLowerInvariant()).Select(match => match.Value).ToList() is ["none" or "nothing"];

    [GeneratedRegex(@"^\s*(?:[-*+•–—]|[0-9]+[.)])?\s*\[[ xX]\]")]
    private static partial Regex CheckBox();

    [GeneratedRegex(@"^\s*(?:[-*+•–—]|[0-9]+[.)])(?:\s+|$)")]
    private static partial Regex ListMark();

    [GeneratedRegex(@"\[[^\]\n]*\](?!\()")]
    private static partial Regex Bracket();

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex WordShape();
}
