using System.Text.RegularExpressions;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Style;

/// <summary>Texts of the sources, the pages and the documents are plain technical English.</summary>
public sealed partial class WordingTests
{
    private static readonly string[] Kinds = [".cs", ".razor", ".yaml", ".js", ".md"];

    /// <summary>Seeds and decisions are kept as they were written; so is a flow of an earlier version, since ATPs still follow it.</summary>
    private static readonly string[] Kept = ["docs/seeds/", "docs/decisions/", "src/IncidentActors.Core/Flows/Shipped/standard-1.yaml"];

    /// <summary>Lines that may hold a banned phrase: a part of the file's path, and a part of the line.</summary>
    private static readonly (string File, string Text)[] Excepted = [("docs/ALERTS.md", "drop: the lab is not on call")];

    [Fact]
    public void Banned_phrases_are_not_used() => Assert.Empty(
        from file in new[] { "src", "docs", "deploy" }.SelectMany(Files).Concat(Directory.EnumerateFiles(SourceTree.Root, "*.md"))
        let path = Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/')
        where Kinds.Contains(Path.GetExtension(file)) && !Kept.Any(path.StartsWith) && !path.Split('/').Any(part => part is "bin" or "obj")
        from line in File.ReadLines(file).Select((text, index) => (Number: index + 1, Text: text))
        where Banned().IsMatch(line.Text) && !Excepted.Any(one => path.Contains(one.File) && line.Text.Contains(one.Text))
        select $"{path}:{line.Number}: '{Banned().Match(line.Text).Value}' in {line.Text.Trim()}");

    [Theory]
    [InlineData("Whoever comes later waits.")]
    [InlineData("A page of elsewhere may not do so.")]
    [InlineData("The flow's text stands in the file.")]
    [InlineData("'huge' is no severity.")]
    public void A_banned_phrase_is_found(string text) => Assert.Matches(Banned(), text);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*", SearchOption.AllDirectories);

    [GeneratedRegex(
        @"\b(whoever|nobody's|of elsewhere|anew|all the same|not let in|so long it|let in by|bears|betimes"
        + @"|stands? (in|under|still|beside|for|behind|there|before)|none of (it|them)|waits? for nobody|knock(s|ed)?|worth here|for looking|goes by|stays so"
        + @"|(?<!there )is no (handle|scope|severity|category|priority|mode|JSON|archive|message|cursor|dry run|heading))\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Banned();
}
