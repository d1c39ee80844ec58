using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Runbooks;

public sealed record RunbookListArguments;

public sealed record RunbookProposeArguments
{
    [JsonConverter(typeof(IdText))]
    public required string IncidentId { get; init; }

    [Description("Id of a runbook: code-rollback, deployment-rollback, database-rollback, …"), MaxLength(60)]
    public required string Runbook { get; init; }

    [Description("A value for each of the runbook's parameters.")]
    public Dictionary<string, string>? Values { get; init; }

    [Description("true (default): only show what would be done. false: needs the runbook's approval and evidence.")]
    public bool? DryRun { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record RunbookRunArguments
{
    [JsonConverter(typeof(IdText))]
    public required string IncidentId { get; init; }

    [JsonConverter(typeof(IdText))]
    public required string RunId { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record RunbookDecideArguments
{
    [JsonConverter(typeof(IdText))]
    public required string IncidentId { get; init; }

    [JsonConverter(typeof(IdText))]
    public required string RunId { get; init; }

    [Description("'approve' or 'reject'."), MaxLength(10)]
    public required string Decision { get; init; }

    [MaxLength(4000)]
    public string? Note { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

/// <summary>Rollbacks as runbooks (seed 003): listed, proposed, approved, run.</summary>
internal static class RunbookTools
{
    private const int MaxValues = 32;

    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<RunbookListArguments>(
            new(
                "runbook_list",
                "List runbooks",
                "Procedures that can be run for an incident: parameters, who approves, what must be there first.",
                ReadOnly: true,
                Idempotent: true),
            typeof(Page<RunbookView>), (call, _) => Task.FromResult<Outcome>(new Accepted(
                ServerJson.Element(new Page<RunbookView>([.. call.Engine.Options.Runbooks.All.Select(RunbookView.Of)], null)), 0)),
            CommandAccess.Own),
        Tool.Of<RunbookProposeArguments>(
            new(
                "runbook_propose",
                "Propose a run",
                "Proposes to run a runbook for an incident; a dry run unless dryRun is false. The incident's 'runs' shows it with its id."),
            typeof(IncidentView), ProposeAsync, CommandAccess.To<RunbookProposeArguments>(given => [ActorId.Incident(given.IncidentId)])),
        Tool.Of<RunbookDecideArguments>(
            new(
                "runbook_decide",
                "Approve a run",
                "Approves or rejects a proposed run. For the runbook's approving role and the operator, never for the proposer.",
                Destructive: true),
            typeof(IncidentView), DecideAsync, CommandAccess.To<RunbookDecideArguments>(given => [ActorId.Incident(given.IncidentId)])),
        Tool.Of<RunbookRunArguments>(
            new("runbook_run", "Run it", "Starts an approved run, once. Look at the incident's 'runs' for its outcome and output.", Destructive: true),
            typeof(IncidentView), RunAsync, CommandAccess.To<RunbookRunArguments>(given => [ActorId.Incident(given.IncidentId)])),
    ];

    private static Task<Outcome> ProposeAsync(ToolCall call, RunbookProposeArguments given)
    {
        var values = given.Values ?? [];
        if (values.Count > MaxValues || values.Any(pair => pair.Value is null))
            return Task.FromResult<Outcome>(Arguments.Malformed($"The argument 'values' must hold at most {MaxValues} names with texts."));
        var propose = new ProposeRun(given.Runbook, values.ToImmutableSortedDictionary(StringComparer.Ordinal), given.DryRun ?? true);
        return DoAsync(call.Because(given.Override), given.IncidentId, propose);
    }

    private static Task<Outcome> DecideAsync(ToolCall call, RunbookDecideArguments given) => given.Decision.Trim().ToLowerInvariant() switch
    {
        "approve" => DoAsync(call.Because(given.Override), given.IncidentId, new DecideRun(given.RunId, true, given.Note)),
        "reject" => DoAsync(call.Because(given.Override), given.IncidentId, new DecideRun(given.RunId, false, given.Note)),
        _ => Task.FromResult<Outcome>(Arguments.Malformed("The argument 'decision' must be 'approve' or 'reject'.", "approve", "reject")),
    };

    private static Task<Outcome> RunAsync(ToolCall call, RunbookRunArguments given) => call.Engine.Runbooks
        .StartAsync(given.IncidentId, given.RunId, call.Because(given.Override).Call)
        .WithCurrentAsync(() => call.Engine.Views.IncidentAsync(given.IncidentId));

    private static Task<Outcome> DoAsync(ToolCall call, string incidentId, IncidentCommand command)
    {
        var incident = call.Engine.Actors.Incident(incidentId);
        return incident.DoAsync(command, call.Call).WithCurrentAsync(() => call.Engine.Views.IncidentAsync(incidentId));
    }
}
