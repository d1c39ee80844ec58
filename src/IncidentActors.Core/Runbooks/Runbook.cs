using System.Collections.Immutable;

namespace IncidentActors.Core.Runbooks;

/// <summary>A procedure as data (seed 003, rollback procedures): proposed, approved, run by a runner, recorded with its outcome.</summary>
/// <param name="Parameters">Names that a run must give values for; steps use them as <c>{name}</c>.</param>
/// <param name="Approval">Role that must approve a run that is not a dry run, or null: none.</param>
/// <param name="Requires">Artifact type that one of the incident's ATPs must have before a run that is not a dry run, or null.</param>
/// <param name="Steps">Commands, each a program and its arguments, run one after the other; never given to a shell.</param>
/// <param name="Webhook">Instead of steps: where a signed request is posted.</param>
/// <param name="Within">Time for all of it; then it is ended and recorded as timed out.</param>
public sealed record Runbook(
    string Id, string Title, string? Means, ImmutableArray<string> Parameters, string? Approval, string? Requires,
    ImmutableArray<ImmutableArray<string>> Steps, string? Webhook, TimeSpan Within)
{
    /// <summary>How many different persons must approve a run that is not a dry run.</summary>
    public int Approvers { get; init; } = 1;

    /// <summary>Maximum age of the sign-in of the approver of a run that is not a dry run; null if the age does not matter.</summary>
    public TimeSpan? SignedInWithin { get; init; }

    /// <summary>Variables of the server's environment that the steps get in addition to the few that every program needs.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>The steps with the run's values filled in. A value cannot extend beyond the argument that contains it.</summary>
    public ImmutableArray<ImmutableArray<string>> StepsWith(IReadOnlyDictionary<string, string> values) =>
    [
        .. Steps.Select(step => step.Select(argument => Parameters.Aggregate(
            argument, (text, name) => text.Replace($"{{{name}}}", values.GetValueOrDefault(name, ""), StringComparison.Ordinal))).ToImmutableArray()),
    ];
}

/// <summary>The loaded runbooks.</summary>
public sealed record RunbookSet(ImmutableArray<Runbook> All)
{
    private static readonly Lazy<RunbookSet> LazyShipped = new(RunbooksYaml.Shipped);

    /// <summary>Seed 003's three: code, deployment, database.</summary>
    public static RunbookSet Shipped => LazyShipped.Value;

    public Runbook? Find(string id) => All.FirstOrDefault(runbook => runbook.Id == id);
}
