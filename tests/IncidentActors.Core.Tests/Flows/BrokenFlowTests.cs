using System.Reflection;
using IncidentActors.Core.Flows;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Flows;

/// <summary>Every file in Broken/ is refused for the reason in its first line, and no other.</summary>
public class BrokenFlowTests
{
    private const string Breaks = "# breaks ";

    private static readonly string[] Names =
        [.. Golden.Files("Broken").Where(file => file.EndsWith(".yaml", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_broken_flow_is_refused_for_its_own_reason(string file)
    {
        var (set, problems) = Load(file);

        Assert.Same(FlowSet.Shipped, set);
        Assert.Equal(Expected(file).Order(StringComparer.Ordinal), problems.Select(problem => problem.Rule).Distinct().Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.True(problem.Line > 0 && problem.Column > 0 && problem.File == file, problem.ToString()));
    }

    [Fact]
    public void The_sentences_say_what_would_be_right() => Golden.Equal(
        "Broken/expected.txt",
        string.Concat(Names.SelectMany(file => Load(file).Problems).Select(problem => problem + "\n")));

    [Fact]
    public void Every_rule_has_a_flow_that_breaks_it()
    {
        var rules = typeof(FlowRules).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToArray();

        Assert.Equal(rules.Length, rules.Distinct().Count());
        Assert.Empty(rules.Except(Names.SelectMany(Expected)));
    }

    [Fact]
    public void All_problems_of_all_files_are_told_at_once()
    {
        var (_, problems) = FlowSet.Shipped.Load([File("several.yaml"), File("name-malformed.yaml")]);

        Assert.Equal(6, problems.Length);
        Assert.Equal(2, problems.Select(problem => problem.File).Distinct().Count());
    }

    [Fact]
    public void A_flow_built_in_code_is_checked_too()
    {
        var flow = FlowSet.Shipped.Find("standard")! with { Version = 0 };

        var problem = Assert.Single(FlowChecker.Check(flow, FlowContext.Shipped));
        Assert.Equal((FlowRules.VersionMalformed, 0), (problem.Rule, problem.Line));
    }

    private static (FlowSet Set, IReadOnlyList<FlowProblem> Problems) Load(string file) => FlowSet.Shipped.Load([File(file)]);

    private static FlowFile File(string file) => new(file, Text(file));

    private static string[] Expected(string file) => Text(file).Split('\n')[0][Breaks.Length..].Split(", ");

    private static string Text(string file) => Golden.Read($"Broken/{file}");
}
