using System.Text.RegularExpressions;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Seeds;

/// <summary><c>docs/SEEDS.md</c> names only what is there: files with the text, test classes with the test.</summary>
public partial class SeedsTableTests
{
    private static readonly string Root = SourceTree.Root;
    private static readonly Lazy<Dictionary<string, string>> Tests = new(ReadTests);

    public static TheoryData<string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var line in File.ReadLines(Path.Combine(Root, "docs", "SEEDS.md")).Where(line => line.StartsWith("| 00", StringComparison.Ordinal)))
            {
                var cells = line.Split('|', StringSplitOptions.TrimEntries);
                rows.Add($"{cells[1]} {cells[2]}: {cells[3]}", cells[4].Trim('`'), cells[5].Trim('`'));
            }

            return rows;
        }
    }

    [Fact]
    public void The_table_has_the_rules_of_all_five_seeds()
    {
        var seeds = File.ReadLines(Path.Combine(Root, "docs", "SEEDS.md"))
            .Where(line => line.StartsWith("| 00", StringComparison.Ordinal))
            .GroupBy(line => line[2..5])
            .ToDictionary(rows => rows.Key, rows => rows.Count());

        Assert.Equal(["000", "001", "002", "003", "004"], seeds.Keys.Order());
        Assert.True(seeds.Values.Sum() >= 120, $"{seeds.Values.Sum()} rows");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_row_names_what_is_there(string rule, string implemented, string test)
    {
        var colon = implemented.IndexOf(':', StringComparison.Ordinal);
        var file = Path.Combine(Root, "src", "IncidentActors." + implemented[..colon]);
        Assert.True(File.Exists(file), $"{rule}: there is no {file}");
        Assert.True(
            File.ReadAllText(file).Contains(implemented[(colon + 1)..], StringComparison.Ordinal),
            $"{rule}: '{implemented[(colon + 1)..]}' is not in {file}");

        var dot = test.IndexOf('.', StringComparison.Ordinal);
        Assert.True(Tests.Value.TryGetValue(test[..dot], out var source), $"{rule}: there is no test class {test[..dot]}");
        Assert.True(Regex.IsMatch(source, $@"\b{Regex.Escape(test[(dot + 1)..])}\("), $"{rule}: {test[..dot]} has no test {test[(dot + 1)..]}");
    }

    /// <summary>Sources of test classes, all parts of a class together.</summary>
    private static Dictionary<string, string> ReadTests() => Directory
        .EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText)
        .SelectMany(source => ClassName().Matches(source).Select(match => (Name: match.Groups[1].Value, Source: source)))
        .GroupBy(one => one.Name)
        .ToDictionary(parts => parts.Key, parts => string.Join('\n', parts.Select(one => one.Source).Distinct()));

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex ClassName();
}
