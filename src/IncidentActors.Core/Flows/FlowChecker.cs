using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace IncidentActors.Core.Flows;

/// <summary>Says what is wrong with what a flow means (SPEC §3): states nobody reaches, paths that never end, names nobody knows, rows that leave
/// a person untold. Finds everything in one pass and throws nothing.</summary>
public sealed partial class FlowChecker
{
    private readonly Flow _flow;
    private readonly FlowContext _context;
    private readonly ParsedFlow _source;
    private readonly List<FlowProblem> _problems = [];

    private FlowChecker(Flow flow, FlowContext context, ParsedFlow source) => (_flow, _context, _source) = (flow, context, source);

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
        return [.. _problems.OrderBy(problem => (problem.Line, problem.Column))];
    }

    private void CheckFlow()
    {
        CheckName(_flow.Name, KebabShape(), "name", "a flow's name is lower case, words joined by `-`: emergency-hotfix");
        if (_flow.Version < 1)
        {
            Problem("version", FlowRules.VersionMalformed, $"a version is a whole number from 1 up, not {_flow.Version}");
        }

        if (_flow.Halts is { } halts && halts != "all" && !TeamShape().IsMatch(halts))
        {
            Problem("halts", FlowRules.HaltsUnknown, $"`{halts}` is not a scope that declaring can halt; write `all` or `team:name`, or leave the key out");
        }
    }

    private void CheckKeywords()
    {
        Dictionary<string, string> seen = [];
        for (var index = 0; index < _flow.Keywords.Length; index++)
        {
            var (keyword, path) = (_flow.Keywords[index], $"keywords[{index}]");
            var normal = FlowKeywords.Normalise(keyword);
            if (normal.Length == 0)
            {
                Problem(path, FlowRules.KeywordMalformed, $"`{keyword}` has neither letter nor digit and can never be found");
            }
            else if (!seen.TryAdd(normal, keyword))
            {
                Problem(path, FlowRules.KeywordDuplicate, $"`{keyword}` and `{seen[normal]}` are one keyword; case, `-`, `_` and spaces do not count");
            }
            else if (_context.Flows.FirstOrDefault(other => other.Name != _flow.Name && Claims(other, normal)) is { } other)
            {
                Problem(path, FlowRules.KeywordTaken, $"`{keyword}` already chooses the flow {other.Name}; a keyword chooses one flow");
            }
        }
    }

    private bool Claims(Flow flow, string normal) =>
        _context.Latest(flow.Name) == flow && flow.Keywords.Any(keyword => FlowKeywords.Normalise(keyword) == normal);

    private void CheckStates()
    {
        for (var index = 0; index < _flow.States.Length; index++)
        {
            CheckName(_flow.States[index].Name, PascalShape(), $"states[{index}].name", "a state's name is a word or words in capitals: InProgress");
        }

        CheckOnce("states", ".name", "state", _flow.States.Select(state => state.Name));
        if (!_flow.States.Any(state => state.Terminal))
        {
            Problem("states", FlowRules.TerminalNone, "no state is terminal, so nothing ever ends; mark the last one `terminal: true`");
        }
    }

    private void CheckGatesAndBranches()
    {
        CheckOnce("gates", ".id", "gate", _flow.Gates.Select(gate => gate.Id));
        CheckOnce("branches", ".id", "branch", _flow.Branches.Select(branch => branch.Id));
        for (var index = 0; index < _flow.Gates.Length; index++)
        {
            var (id, path) = (_flow.Gates[index].Id, $"gates[{index}].id");
            CheckName(id, KebabShape(), path, "a gate's id is lower case, words joined by `-`: rollback-possible");
            if (!_flow.Rows.Any(row => row.Requires.Gates.Contains(id)))
            {
                Problem(path, FlowRules.GateUnused, $"no row requires the gate {id}; name it under `requires.gates` of the row that it guards");
            }
        }

        for (var index = 0; index < _flow.Branches.Length; index++)
        {
            var (branch, path) = (_flow.Branches[index], $"branches[{index}]");
            CheckName(branch.Id, KebabShape(), $"{path}.id", "a branch's id is lower case, words joined by `-`: root-cause");
            CheckName(branch.DoneBy, PascalShape(), $"{path}.doneBy", "an artifact type is a word or words in capitals: RootCauseAnalysis");
            CheckState(branch.StartsIn, $"{path}.startsIn", FlowRules.BranchStateUnknown);
            CheckRole(branch.Role, _context.IsTaker, $"{path}.role", FlowRules.BranchRoleUnknown);
            if (!_flow.Rows.Any(row => row.Requires.Branches.Contains(branch.Id)))
            {
                Problem($"{path}.id", FlowRules.BranchUnused, $"no row requires the branch {branch.Id}, so nobody waits for it; name it under `requires.branches`");
            }
        }
    }

    private void CheckPhases()
    {
        CheckOnce("phases", ".id", "phase", _flow.Phases.Select(phase => phase.Id));
        Dictionary<string, string> phaseOf = [];
        for (var index = 0; index < _flow.Phases.Length; index++)
        {
            var phase = _flow.Phases[index];
            CheckName(phase.Id, KebabShape(), $"phases[{index}].id", "a phase's id is lower case, words joined by `-`: rapid-fix");
            for (var place = 0; place < phase.States.Length; place++)
            {
                var (state, path) = (phase.States[place], $"phases[{index}].states[{place}]");
                if (CheckState(state, path, FlowRules.PhaseStateUnknown) && !phaseOf.TryAdd(state, phase.Id))
                {
                    Problem(path, FlowRules.PhaseStateTwice, $"{state} belongs to the phase {phaseOf[state]} already; a state has one time budget");
                }
            }
        }
    }

    private void CheckName(string name, Regex shape, string path, string right)
    {
        if (!shape.IsMatch(name))
        {
            Problem(path, FlowRules.NameMalformed, $"`{name}` is not well formed; {right}");
        }
    }

    private void CheckOnce(string list, string key, string what, IEnumerable<string> names)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, name) in names.Index())
        {
            if (!seen.Add(name))
            {
                Problem($"{list}[{index}]{key}", FlowRules.NameDuplicate, $"there is a {what} {name} already; names differ by more than case");
            }
        }
    }

    private bool CheckState(string state, string path, string rule)
    {
        if (IsState(state))
        {
            return true;
        }

        Problem(path, rule, $"there is no state {state}; the states are {string.Join(", ", _flow.States.Select(known => known.Name))}");
        return false;
    }

    private void CheckRole(string role, Func<string, bool> known, string path, string rule)
    {
        if (!known(role))
        {
            Problem(path, rule, $"nobody can have the role `{role}` here; the roles are {string.Join(", ", _context.Roles)}");
        }
    }

    private bool IsState(string name) => _flow.States.Any(state => state.Name == name);

    private void Problem(string path, string rule, string reason)
    {
        var at = _source.Positions.At(path);
        _problems.Add(new FlowProblem(_source.File, at.Line, at.Column, rule, reason));
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
