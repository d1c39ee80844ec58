namespace IncidentActors.Core.Flows;

public sealed partial class FlowChecker
{
    private void CheckKeywords()
    {
        Dictionary<string, string> seen = [];
        for (var index = 0; index < flow.Keywords.Length; index++)
        {
            var (keyword, path) = (flow.Keywords[index], $"keywords[{index}]");
            var normal = FlowKeywords.Normalise(keyword);
            if (normal.Length == 0)
                Problem(path, FlowRules.KeywordMalformed, $"`{keyword}` has neither letter nor digit and can never be found");
            else if (!seen.TryAdd(normal, keyword))
                Problem(path, FlowRules.KeywordDuplicate, $"`{keyword}` and `{seen[normal]}` are one keyword; case, `-`, `_` and spaces do not count");
            else if (context.Flows.FirstOrDefault(other => other.Name != flow.Name && Claims(other, normal)) is { } other)
                Problem(path, FlowRules.KeywordTaken, $"`{keyword}` already chooses the flow {other.Name}; a keyword chooses one flow");
        }
    }

    private bool Claims(Flow flow, string normal) =>
        context.Latest(flow.Name) == flow && flow.Keywords.Any(keyword => FlowKeywords.Normalise(keyword) == normal);

    private void CheckStates()
    {
        for (var index = 0; index < flow.States.Length; index++)
            CheckName(flow.States[index].Name, PascalShape(), $"states[{index}].name", "a state's name is a word or words in capitals: InProgress");

        CheckOnce("states", ".name", flow.States.Select(state => state.Name));
        if (!flow.States.Any(state => state.Terminal))
            Problem("states", FlowRules.TerminalNone, "no state is terminal, so no ATP can end; mark the last state `terminal: true`");
    }

    private void CheckGatesAndBranches()
    {
        CheckOnce("gates", ".id", flow.Gates.Select(gate => gate.Id));
        CheckOnce("branches", ".id", flow.Branches.Select(branch => branch.Id));
        for (var index = 0; index < flow.Gates.Length; index++)
        {
            var (id, path) = (flow.Gates[index].Id, $"gates[{index}].id");
            CheckName(id, KebabShape(), path, "a gate's id is lower case, words joined by `-`: rollback-possible");
            if (!flow.Rows.Any(row => row.Requires.Gates.Contains(id)))
                Problem(path, FlowRules.GateUnused, $"no row requires the gate {id}; name it under `requires.gates` of the row that it guards");
        }

        for (var index = 0; index < flow.Branches.Length; index++)
        {
            var (branch, path) = (flow.Branches[index], $"branches[{index}]");
            CheckName(branch.Id, KebabShape(), $"{path}.id", "a branch's id is lower case, words joined by `-`: root-cause");
            CheckName(branch.DoneBy, PascalShape(), $"{path}.doneBy", "an artifact type is a word or words in capitals: RootCauseAnalysis");
            CheckState(branch.StartsIn, $"{path}.startsIn", FlowRules.BranchStateUnknown);
            CheckRole(branch.Role, context.IsTaker, $"{path}.role", FlowRules.BranchRoleUnknown);
            if (!flow.Rows.Any(row => row.Requires.Branches.Contains(branch.Id)))
            {
                Problem(
                    $"{path}.id",
                    FlowRules.BranchUnused,
                    $"no row requires the branch {branch.Id}, so it has no effect; name it under `requires.branches`");
            }
        }
    }

    private void CheckPhases()
    {
        CheckOnce("phases", ".id", flow.Phases.Select(phase => phase.Id));
        Dictionary<string, string> phaseOf = [];
        for (var index = 0; index < flow.Phases.Length; index++)
        {
            var phase = flow.Phases[index];
            CheckName(phase.Id, KebabShape(), $"phases[{index}].id", "a phase's id is lower case, words joined by `-`: rapid-fix");
            for (var place = 0; place < phase.States.Length; place++)
            {
                var (state, path) = (phase.States[place], $"phases[{index}].states[{place}]");
                if (CheckState(state, path, FlowRules.PhaseStateUnknown) && !phaseOf.TryAdd(state, phase.Id))
                    Problem(path, FlowRules.PhaseStateTwice, $"{state} belongs to the phase {phaseOf[state]} already; a state has one time budget");
            }
        }
    }
}
