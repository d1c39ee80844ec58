using System.Collections.Immutable;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Yaml;

/// <summary>Problems and positions gathered while one text is read.</summary>
/// <param name="area">What the rules' ids begin with: <c>flow</c>.</param>
internal sealed class YamlFindings(string file, string area)
{
    private readonly ImmutableArray<FlowProblem>.Builder problems = ImmutableArray.CreateBuilder<FlowProblem>();
    private readonly ImmutableDictionary<string, FlowPosition>.Builder positions = ImmutableDictionary.CreateBuilder<string, FlowPosition>();

    public ImmutableArray<FlowProblem> Problems => [.. problems.OrderBy(problem => (problem.Line, problem.Column))];

    public FlowPositions Positions => new(positions.ToImmutable());

    public void Found(string path, FlowPosition at) => positions[path] = at;

    /// <summary>The form of the text is wrong.</summary>
    /// <param name="rule">One of <see cref="YamlRules"/>.</param>
    public void Shape(FlowPosition at, string rule, string reason) => Problem(at, $"{area}.{rule}", reason);

    public void Problem(FlowPosition at, string rule, string reason) =>
        problems.Add(new FlowProblem(file, at.Line, at.Column, rule, reason));
}

/// <summary>How the form of a text can be wrong; the ids follow the name of what is read: <c>flow.key.unknown</c>.</summary>
internal static class YamlRules
{
    public const string Syntax = "syntax";
    public const string KeyUnknown = "key.unknown";
    public const string KeyMissing = "key.missing";
    public const string KeyDuplicate = "key.duplicate";
    public const string ValueType = "value.type";
    public const string ValueUnknown = "value.unknown";
    public const string DurationMalformed = "duration.malformed";
}
