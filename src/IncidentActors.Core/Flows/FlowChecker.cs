using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace IncidentActors.Core.Flows;

/// <summary>Says what is wrong with what a flow means: unreachable states, paths that never end, unknown names, rows that leave
/// a person untold. Finds everything in one pass and throws nothing.</summary>
public sealed partial class FlowChecker
{
    private readonly Flow flow;
    private readonly FlowContext context;
    private readonly ParsedFlow source;
    private readonly List<FlowProblem> problems = [];

    private FlowChecker(Flow flow, FlowContext context, ParsedFlow source) => (this.flow, this.context, this.source) = (flow, context, source);

    /// <summary>The problems of form, or, when there are none, those of meaning, in the order of the text.</summary>
    public static ImmutableArray<FlowProblem> Check(ParsedFlow parsed, FlowContext context) =>
        parsed.Flow is { } flow ? new FlowChecker(flow, context, parsed).Problems() : parsed.Problems;

    /// <summary>Checks a flow that was not read from a text; its problems carry no line.</summary>
    public static ImmutableArray<FlowProblem> Check(Flow flow, FlowContext context) =>
        Check(new ParsedFlow(flow.Name, flow, FlowPositions.None, []), context);

    private ImmutableArray<FlowProblem> Problems()
    {
        CheckFlow();
        CheckKeywords();
        CheckStates();
        CheckGatesAndBranches();
        CheckPhases();
        CheckPaths();
        CheckRows();
        return [.. problems.OrderBy(problem => (problem.Line, problem.Column))];
    }

    private void CheckFlow()
    {
        CheckName(flow.Name, KebabShape(), "name", "a flow's name is lower case, words joined by `-`: emergency-hotfix");
        if (flow.Version < 1)
            Problem("version", FlowRules.VersionMalformed, $"a version must be a whole number, 1 or more, not {flow.Version}");
        if (flow.Halts is { } halts && halts != "all" && !TeamShape().IsMatch(halts))
            Problem("halts", FlowRules.HaltsUnknown, $"`{halts}` is not a scope that declaring can halt; write `all` or `team:name`, or leave the key out");
    }

    private void CheckName(string name, Regex shape, string path, string right)
    {
        if (!shape.IsMatch(name))
            Problem(path, FlowRules.NameMalformed, $"`{name}` is not well formed; {right}");
    }

    private void CheckOnce(string list, string key, IEnumerable<string> names)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, name) in names.Index())
        {
            if (!seen.Add(name))
                Problem($"{list}[{index}]{key}", FlowRules.NameDuplicate, $"two {list} are called {name}; names must differ by more than upper and lower case");
        }
    }

    private bool CheckState(string state, string path, string rule)
    {
        if (IsState(state)) return true;

        Problem(path, rule, $"there is no state {state}; the states are {string.Join(", ", flow.States.Select(known => known.Name))}");
        return false;
    }

    private void CheckRole(string role, Func<string, bool> known, string path, string rule)
    {
        if (!known(role))
            Problem(path, rule, $"no handle can have the role `{role}`; the roles are {string.Join(", ", context.Roles)}");
    }

    private bool IsState(string name) => flow.States.Any(state => state.Name == name);

    private void Problem(string path, string rule, string reason)
    {
        var at = source.Positions.At(path);
        problems.Add(new FlowProblem(source.File, at.Line, at.Column, rule, reason));
    }

    [GeneratedRegex(@"^(?=.{1,64}\z)[a-z][a-z0-9]*(-[a-z0-9]+)*\z")]
    private static partial Regex KebabShape();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]{0,63}\z")]
    private static partial Regex PascalShape();

    [GeneratedRegex(@"^team:[a-z][a-z0-9-]{0,63}\z")]
    private static partial Regex TeamShape();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex PlaceholderShape();
}
