using System.Text.RegularExpressions;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Style;

/// <summary>Every reference leads somewhere in the repository.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] Folders = ["src", "docs", "tests", "samples", "deploy"];

    private static readonly string[] Kinds = [".cs", ".md", ".razor", ".yaml", ".yml", ".js", ".mjs", ".sh"];

    [Fact]
    public void Nothing_cites_a_document_that_is_not_in_the_repository() => Assert.Empty(
        from file in Files()
        where Path.GetFileName(file) != "ReferenceTests.cs"
        from line in File.ReadLines(file).Index()
        where Outside().IsMatch(line.Item)
        select $"{Path.GetRelativePath(SourceTree.Root, file)}:{line.Index + 1}: {line.Item.Trim()}");

    [Fact]
    public void Each_link_of_a_document_leads_to_a_file_and_a_heading_that_exist()
    {
        var broken = new List<string>();
        foreach (var file in Files().Where(file => file.EndsWith(".md", StringComparison.Ordinal) && !file.Contains("/seeds/", StringComparison.Ordinal)))
        {
            foreach (Match link in Link().Matches(Fenced().Replace(File.ReadAllText(file), "")))
            {
                var (path, anchor) = (link.Groups["path"].Value, link.Groups["anchor"].Value);
                var target = path.Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, path));
                if (!File.Exists(target) && !Directory.Exists(target)) broken.Add($"{file}: {link.Value}");
                else if (anchor.Length > 0 && File.Exists(target) && !Anchors(target).Contains(anchor)) broken.Add($"{file}: {link.Value} has no such heading");
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Each_document_that_sources_name_exists() => Assert.Empty(
        from file in Files()
        where !file.EndsWith(".md", StringComparison.Ordinal)
        from Match named in Named().Matches(File.ReadAllText(file))
        where !File.Exists(SourceTree.Path(named.Value)) && !Directory.Exists(SourceTree.Path(named.Value))
        select $"{Path.GetRelativePath(SourceTree.Root, file)}: {named.Value}");

    private static IEnumerable<string> Files() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(SourceTree.Path(folder), "*", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(SourceTree.Root, "*.md"))
        .Where(file => Kinds.Contains(Path.GetExtension(file)))
        .Where(file => !Path.GetRelativePath(SourceTree.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"));

    private static HashSet<string> Anchors(string document) => [.. File.ReadLines(document).Where(line => line.StartsWith('#')).Select(Anchor)];

    /// <summary>As GitHub makes them: lower case, signs left out, blanks as dashes.</summary>
    private static string Anchor(string heading) =>
        Sign().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\b(SPEC|DESIGN) §|(?<![\w/])(API|SPEC|DESIGN)\.md\b|\.\./shared/")]
    private static partial Regex Outside();

    [GeneratedRegex(@"(?<!!)\[[^\]\n]*\]\((?!https?:|mailto:)(?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"\bdocs/[A-Za-z0-9/-]+\.md\b")]
    private static partial Regex Named();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Sign();
}
