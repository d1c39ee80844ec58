using System.Collections.Immutable;

namespace IncidentActors.Core.Flows;

/// <summary>Problems and positions gathered while one text is read.</summary>
internal sealed class YamlFindings(string file)
{
    private readonly ImmutableArray<FlowProblem>.Builder problems = ImmutableArray.CreateBuilder<FlowProblem>();
    private readonly ImmutableDictionary<string, FlowPosition>.Builder positions = ImmutableDictionary.CreateBuilder<string, FlowPosition>();

    public ImmutableArray<FlowProblem> Problems => [.. problems.OrderBy(problem => (problem.Line, problem.Column))];

    public FlowPositions Positions => new(positions.ToImmutable());

    public void Found(string path, FlowPosition at) => positions[path] = at;

    public void Problem(FlowPosition at, string rule, string reason) =>
        problems.Add(new FlowProblem(file, at.Line, at.Column, rule, reason));
}
