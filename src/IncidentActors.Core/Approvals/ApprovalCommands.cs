using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Approvals;

/// <summary>Base of what can be asked of an approval's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(DecideApproval), "decide-approval")]
[JsonDerivedType(typeof(ApprovalTimeIsUp), "approval-time-is-up")]
public abstract record ApprovalCommand : ICommand;

/// <param name="Option">Id of the chosen option, where there is more than yes and no.</param>
/// <param name="Content">The digest of what the decision is for; null for what is asked about now.</param>
/// <param name="OpenGates">Gates that the approver does not confirm; the others of the row count as verified where the flow says so.</param>
public sealed record DecideApproval(
    bool Approve, string? Option = null, string? Note = null, ImmutableArray<string> OpenGates = default, string? Content = null)
    : ApprovalCommand
{
    public ImmutableArray<string> OpenGates { get; init; } = OpenGates.IsDefault ? [] : OpenGates;
}

/// <summary>The clock of an open approval rang.</summary>
public sealed record ApprovalTimeIsUp : ApprovalCommand;
