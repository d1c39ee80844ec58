using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Incidents.Lifecycle;

/// <summary>docs/SPECIFICATION.md shows the table that the decider enforces.</summary>
public class SpecificationTests
{
    private const string Begin = "<!-- lifecycle -->\n";
    private const string End = "<!-- /lifecycle -->";

    [Fact]
    public void The_life_cycle_table_of_the_specification_is_the_one_that_is_enforced()
    {
        var file = Path.Combine(SourceTree.Root, "docs", "SPECIFICATION.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= Begin.Length && to >= from, "docs/SPECIFICATION.md has no place for the table");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(file, text[..from] + LifecycleTable.Markdown() + text[to..]);
        else Assert.Equal(LifecycleTable.Markdown(), text[from..to]);
    }
}
