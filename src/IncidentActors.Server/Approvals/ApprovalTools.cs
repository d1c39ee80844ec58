using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Approvals;

public sealed record ApprovalListArguments
{
    [Description("'open', 'approved', 'rejected' or 'voided'. Left out: all."), MaxLength(10)]
    public string? State { get; init; }

    [JsonConverter(typeof(IdText))]
    public string? IncidentId { get; init; }

    [Description("The approver's role."), MaxLength(60)]
    public string? Role { get; init; }

    [Description("The 'next' of an earlier page."), MaxLength(60)]
    public string? Cursor { get; init; }

    [Description("1 to 1000; 100 when left out.")]
    public int? Limit { get; init; }
}

public sealed record ApprovalDecideArguments
{
    [JsonConverter(typeof(IdText))]
    public required string ApprovalId { get; init; }

    [Description("'approve' or 'reject'. Left out over MCP: the person at your client is asked, where the client can."), MaxLength(10)]
    public string? Decision { get; init; }

    [Description("Id of one of the approval's options."), MaxLength(60)]
    public string? Option { get; init; }

    [Description("Why."), MaxLength(4000)]
    public string? Note { get; init; }

    [Description("The digest that you saw."), MaxLength(64)]
    public string? Content { get; init; }

    [Description("Gates that you doubt; the others count as yes.")]
    public string[]? OpenGates { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

internal static class ApprovalTools
{
    private static readonly ImmutableArray<string> Statuses = [.. Enum.GetNames<ApprovalStatus>().Select(name => name.ToLowerInvariant())];

    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<ApprovalListArguments>(
            new(
                "approval_list",
                "List approvals",
                "Questions that rows of flows wait for: what is asked, by when, and what happens without an answer.",
                ReadOnly: true,
                Idempotent: true),
            typeof(Page<ApprovalView>), ListAsync, CommandAccess.Own),
        Tool.Of<ApprovalDecideArguments>(
            new(
                "approval_decide",
                "Decide an approval",
                "Approves or rejects. For its role and the operator, never for the asker.",
                Destructive: true),
            typeof(ApprovalView), DecideAsync, CommandAccess.To<ApprovalDecideArguments>(given => [ActorId.Approval(given.ApprovalId)])),
    ];

    private static Task<Outcome> ListAsync(ToolCall call, ApprovalListArguments given)
    {
        if (given.State is { } state && !Statuses.Contains(state))
            return Task.FromResult<Outcome>(Arguments.Malformed($"The argument 'state' must be one of {string.Join(", ", Statuses)}.", [.. Statuses]));
        if (QueryResults.BadLimit(given.Limit) is { } bad) return Task.FromResult<Outcome>(bad);
        var filter = new ActorFilter(ActorKind.Approval)
        {
            Status = given.State,
            Incident = given.IncidentId,
            Owner = given.Role,
            Cursor = given.Cursor,
            Limit = given.Limit ?? QueryResults.DefaultLimit,
        };
        return QueryResults.ListAsync<ApprovalState, ApprovalView>(
            call.Engine.Journal, filter, (approval, version) => Task.FromResult(ApprovalView.Of(approval, version)));
    }

    /// <summary>An approval and its ATP change in one commit, so the ATP takes the turn; its answer is the approval.</summary>
    private static async Task<Outcome> DecideAsync(ToolCall call, ApprovalDecideArguments given)
    {
        if (given.Decision is null) return Arguments.Missing("decision", ["approve", "reject"]);
        var decision = given.Decision.Trim().ToLowerInvariant();
        if (decision is not ("approve" or "reject"))
            return Arguments.Malformed("The argument 'decision' must be 'approve' or 'reject'.", "approve", "reject");
        if (given.Option is "approve" or "reject" && given.Option != decision)
            return Arguments.Malformed($"The option '{given.Option}' contradicts the decision '{decision}'.", decision);
        if (await FindAsync(call.Engine.Journal, given.ApprovalId) is not { } approval) return Unknown(given.ApprovalId);
        var decide = new DecideApproval(decision == "approve", given.Option, given.Note, [.. given.OpenGates ?? []], given.Content);
        return await call.Engine.Actors.Atp(approval.AtpId).DoAsync(new SettleApproval(given.ApprovalId, decide), call.Because(given.Override).Call)
            .WithCurrentAsync(() => FindAsync(call.Engine.Journal, given.ApprovalId));
    }

    public static async Task<ApprovalView?> FindAsync(IStore journal, string id) =>
        await journal.LoadAsync(ActorId.Approval(id), CancellationToken.None) is { } stored
            ? ApprovalView.Of(stored.State<ApprovalState>(), stored.Version)
            : null;

    public static Rejected Unknown(string id) =>
        Rejected.Unknown(Rules.ApprovalUnknown, $"There is no approval {id}.");
}
