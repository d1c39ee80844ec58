using System.Collections.Immutable;
using System.Xml;

namespace IncidentActors.Core.Runbooks;

/// <summary>A runbook as callers see it.</summary>
/// <param name="Approval">The role that must approve a run that is not a dry run; null if no approval is needed.</param>
/// <param name="Requires">Type of the artifact that must exist before the run starts, or null.</param>
/// <param name="Within">Maximum duration of a run, as an ISO 8601 duration.</param>
public sealed record RunbookView(
    string Id, string Title, string? Means, ImmutableArray<string> Parameters, string? Approval, string? Requires,
    ImmutableArray<ImmutableArray<string>> Steps, string? Webhook, string Within)
{
    /// <summary>How many different persons must approve a run that is not a dry run; absent: one.</summary>
    public int? Approvers { get; init; }

    /// <summary>Maximum age of the approver's sign-in, as an ISO 8601 duration; absent if the age does not matter.</summary>
    public string? SignedInWithin { get; init; }

    public static RunbookView Of(Runbook runbook) => new(
        runbook.Id, runbook.Title, runbook.Means, runbook.Parameters, runbook.Approval, runbook.Requires, runbook.Steps, runbook.Webhook,
        XmlConvert.ToString(runbook.Within))
    {
        Approvers = runbook.Approvers > 1 ? runbook.Approvers : null,
        SignedInWithin = runbook.SignedInWithin is { } within ? XmlConvert.ToString(within) : null,
    };
}
