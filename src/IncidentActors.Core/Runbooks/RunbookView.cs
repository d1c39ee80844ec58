using System.Collections.Immutable;
using System.Xml;

namespace IncidentActors.Core.Runbooks;

/// <summary>A runbook as callers see it.</summary>
/// <param name="Approval">The role that approves a run for real, or null: none.</param>
/// <param name="Requires">The artifact that must be there first, or null.</param>
/// <param name="Within">ISO 8601.</param>
public sealed record RunbookView(
    string Id, string Title, string? Means, ImmutableArray<string> Parameters, string? Approval, string? Requires,
    ImmutableArray<ImmutableArray<string>> Steps, string? Webhook, string Within)
{
    /// <summary>How many different persons must approve a run for real; absent: one.</summary>
    public int? Approvers { get; init; }

    /// <summary>How fresh the sign-in of who decides must be, in ISO 8601; absent: any valid credentials decide.</summary>
    public string? SignedInWithin { get; init; }

    public static RunbookView Of(Runbook runbook) => new(
        runbook.Id, runbook.Title, runbook.Means, runbook.Parameters, runbook.Approval, runbook.Requires, runbook.Steps, runbook.Webhook,
        XmlConvert.ToString(runbook.Within))
    {
        Approvers = runbook.Approvers > 1 ? runbook.Approvers : null,
        SignedInWithin = runbook.SignedInWithin is { } within ? XmlConvert.ToString(within) : null,
    };
}
