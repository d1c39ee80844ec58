using System.Text.RegularExpressions;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Access;

/// <summary>The tests that docs/SECURITY.md names exist.</summary>
public sealed partial class SecurityReferenceTests
{
    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var named = TestName().Matches(File.ReadAllText(SourceTree.Path("docs", "SECURITY.md")))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));
        var sources = Directory.EnumerateFiles(SourceTree.Path("tests"), "*.cs", SearchOption.AllDirectories)
            .GroupBy(Path.GetFileNameWithoutExtension).ToDictionary(same => same.Key!, same => string.Concat(same.Select(File.ReadAllText)));

        Assert.NotEmpty(named);
        Assert.All(named, test => Assert.Contains($" {test.Item2}(", sources.GetValueOrDefault(test.Item1) ?? "", StringComparison.Ordinal));
    }

    [GeneratedRegex("`([A-Za-z]+(?:Tests|Suite))\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
