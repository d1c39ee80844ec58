using System.Text.RegularExpressions;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Style;

/// <summary>What a reader of the sources may count on, and no compiler checks.</summary>
public sealed partial class SourceStyleTests
{
    /// <summary>Characters; what fits beside a diff on an ordinary screen.</summary>
    private const int MaxLineLength = 160;

    /// <summary>Lines; beyond it a file holds more than one concept.</summary>
    private const int LongestFile = 400;

    private static readonly string Root = SourceTree.Root;

    /// <summary>Where conditions are waited for, and load that comes at a rate.</summary>
    private static readonly string[] WaitsForTime =
    [
        "tests/IncidentActors.Testing/Eventually.cs", "tests/IncidentActors.Benchmarks/Permits/PermitGrants.cs",
        "tests/IncidentActors.Benchmarks/Pages/SteadyLoad.cs",
        "tests/IncidentActors.Benchmarks/Nodes/Takeover.cs",
        "tests/IncidentActors.Benchmarks/Nodes/LostSilo.cs", "tests/IncidentActors.Benchmarks/Halts/HaltLatency.cs",
    ];

    [Fact]
    public void No_line_is_longer_than_160_characters() =>
        AssertNone(Lines(Sources("src", "tests", "samples")).Where(line => line.Text.Length > MaxLineLength));

    [Fact]
    public void No_file_is_longer_than_400_lines() => Assert.DoesNotContain(
        Sources("src", "tests", "samples"), file => File.ReadLines(file).Count() > LongestFile);

    [Fact]
    public void No_test_waits_for_time_to_pass() => AssertNone(
        Lines(Sources("tests")).Where(line => Sleeping().IsMatch(line.Text) && !WaitsForTime.Contains(Path.GetRelativePath(Root, line.File))));

    [Fact]
    public void Nothing_is_left_for_later_or_folded_away() =>
        AssertNone(Lines(Sources("src", "tests", "samples")).Where(line => LeftForLater().IsMatch(line.Text)));

    [Fact]
    public void Names_of_types_say_what_they_are() =>
        AssertNone(Lines(Sources("src", "tests", "samples")).Where(line => SaysNothing().IsMatch(line.Text)));

    /// <summary>Who is halted is the rule that matters most: a second copy of it would differ one day.</summary>
    [Fact]
    public void What_a_halt_is_compared_with_is_said_in_one_place() => AssertNone(
        Lines(Sources("src").Where(file => Path.GetFileName(file) != "HaltPolicy.cs"))
            .Where(line => line.Text.Contains("new Subject(", StringComparison.Ordinal)));

    private static void AssertNone(IEnumerable<(string File, int Number, string Text)> found) =>
        Assert.Empty(found.Select(line => $"{Path.GetRelativePath(Root, line.File)}:{line.Number}: {line.Text.Trim()}"));

    private static IEnumerable<(string File, int Number, string Text)> Lines(IEnumerable<string> files) =>
        files.SelectMany(file => File.ReadLines(file).Select((text, index) => (file, index + 1, text)));

    /// <summary>C# that people wrote: without what a build makes.</summary>
    private static IEnumerable<string> Sources(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .Where(file => Path.GetFileName(file) != "SourceStyleTests.cs");

    [GeneratedRegex(@"\bThread\.Sleep\(|\bTask\.Delay\(|\bPeriodicTimer\(")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"^\s*#region\b|//.*\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex LeftForLater();

    [GeneratedRegex(@"\b(class|record|struct|interface) \w*(Manager|Helpers?|Utils?|Utilities|Processor|Impl)\b")]
    private static partial Regex SaysNothing();
}
