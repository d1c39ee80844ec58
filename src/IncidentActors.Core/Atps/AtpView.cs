using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;
using IncidentActors.Core.NextSteps;

namespace IncidentActors.Core.Atps;

/// <summary>An ATP as callers see it. With the facts of the turn when it is the answer to a command.</summary>
public sealed record AtpView
{
    public required string Id { get; init; }
    public required long Version { get; init; }
    public required string Status { get; init; }
    public required bool Finished { get; init; }
    public required string Title { get; init; }
    public required string Type { get; init; }
    public required string Flow { get; init; }
    public required int FlowVersion { get; init; }
    public required string? Owner { get; init; }
    public required Priority Priority { get; init; }
    public required bool Urgent { get; init; }
    public required string? IncidentId { get; init; }
    public required string? ParentAtpId { get; init; }
    public required string? Notes { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? DueAt { get; init; }
    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Further details of the work: stage, dependencies, risk, …, and details under names that callers chose.</summary>
    public ImmutableSortedDictionary<string, string> Details { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>ATPs that this one depends on and that are not finished.</summary>
    public ImmutableArray<string> WaitsFor { get; init; } = [];

    /// <summary>ATPs that depend on this one.</summary>
    public ImmutableArray<string> AwaitedBy { get; init; } = [];

    /// <summary>Sections that the closing artifact must have.</summary>
    public required ImmutableArray<string> Sections { get; init; }

    /// <summary>What its parent left undone.</summary>
    public required ImmutableArray<string> Debt { get; init; }
    public required ImmutableArray<GateView> Gates { get; init; }
    public required ImmutableArray<Artifact> Artifacts { get; init; }
    public required ImmutableArray<HistoryEntry> History { get; init; }
    public required ImmutableArray<AtpApproval> Approvals { get; init; }
    public required ImmutableArray<FollowUp> FollowUps { get; init; }
    public required ImmutableArray<OverrideEntry> Overrides { get; init; }
    public required ImmutableArray<OwedMessage> Owed { get; init; }

    /// <summary>Rows that lead out of the state.</summary>
    public required ImmutableArray<NextStep> Next { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MessageId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ArtifactId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KnowledgeId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApprovalId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HaltId { get; init; }

    /// <summary>On the answer to a creation: the urgent flow that the words speak of. It was not started: name it as <c>flow</c>, or declare an
    /// incident, when it is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SuggestedFlow { get; init; }

    /// <summary>On an answer: warnings about what was done but looks like a mistake.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Warnings { get; init; }

    public static AtpView Of(AtpState state, long version, Flow? flow, IReadOnlyDictionary<string, string>? facts = null) => new()
    {
        Id = state.Id,
        Version = version,
        Status = state.Status,
        Finished = state.Finished,
        Title = state.Title,
        Type = state.Type,
        Flow = state.Flow,
        FlowVersion = state.FlowVersion,
        Owner = state.Owner,
        Priority = state.Priority,
        Urgent = state.Urgent,
        IncidentId = state.IncidentId,
        ParentAtpId = state.ParentAtpId,
        Notes = state.Notes,
        CreatedBy = state.CreatedBy,
        CreatedAt = state.CreatedAt,
        DueAt = state.DueAt,
        ClosedAt = state.ClosedAt,
        Details = state.Details,
        WaitsFor = state.WaitsFor,
        AwaitedBy = state.AwaitedBy,
        Sections = state.Sections,
        Debt = state.Debt,
        Gates = flow is null ? [] : [.. flow.Gates.Select(gate => new GateView(gate.Id, gate.Question, state.Gates.GetValueOrDefault(gate.Id)))],
        Artifacts = state.Artifacts,
        History = state.History,
        Approvals = state.Approvals,
        FollowUps = state.FollowUps,
        Overrides = state.Overrides,
        Owed = state.Owed,
        Next = flow is null || state.Finished
            ? []
            : [.. flow.From(state.Status).Select(row => new NextStep(row.Number, row.To, row.Trigger, row.Role, row.Tools)
            {
                Requirements = AtpRequirements.Explain(state, row, flow),
                Command = NextCommand.Row(state.Id, row, "@HANDLE").Command,
            })],
        MessageId = facts?.GetValueOrDefault("messageId"),
        ArtifactId = facts?.GetValueOrDefault("artifactId"),
        KnowledgeId = facts?.GetValueOrDefault("knowledgeId"),
        ApprovalId = facts?.GetValueOrDefault("approvalId"),
        HaltId = facts?.GetValueOrDefault("haltId"),
        SuggestedFlow = facts?.GetValueOrDefault("suggestedFlow"),
    };
}

/// <param name="Verified">By whom, when and on what basis; null: still open.</param>
public sealed record GateView(string Id, string Question, VerifiedGate? Verified);

public sealed record NextStep(int Row, string To, string Trigger, string Role, ImmutableArray<string> Tools)
{
    /// <summary>What the row needs, and whether it is there.</summary>
    public ImmutableArray<Requirement> Requirements { get; init; } = [];

    /// <summary>The command line that takes the row.</summary>
    public string? Command { get; init; }
}
