namespace IncidentActors.Core.Flows;

/// <summary>Why a flow is refused: where, by which rule, and in one sentence what would be right.</summary>
/// <param name="File">Display name of the text, as given to <see cref="FlowYaml.Parse"/>.</param>
/// <param name="Line">1-based; 0 when the flow did not come from a text.</param>
/// <param name="Column">1-based; 0 when the flow did not come from a text.</param>
/// <param name="Rule">One of <see cref="FlowRules"/>; stable, scripts may compare it.</param>
public sealed record FlowProblem(string File, int Line, int Column, string Rule, string Reason)
{
    /// <summary><c>file:line:column: rule: reason</c>, the form that editors can jump to.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Rule}: {Reason}";
}
