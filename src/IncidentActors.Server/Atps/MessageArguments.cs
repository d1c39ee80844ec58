using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Atps;

public sealed record MessageSendArguments
{
    [Description("The ATP that the message is about. Only the operator may leave it out."), JsonConverter(typeof(IdText))]
    public string? AtpId { get; init; }

    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? FromAgent { get; init; }

    [JsonConverter(typeof(HandleText))]
    public required string ToAgent { get; init; }

    [Description(
        "A Handoff with the sections Completed Work, Pending Work and Evidence is the same as the tool handoff.")]
    [JsonConverter(typeof(MessageTypeText))]
    public required MessageType MessageType { get; init; }

    [Description("Left out: the ATP's."), JsonConverter(typeof(PriorityText))]
    public Priority? Priority { get; init; }

    [MaxLength(300)]
    public required string Subject { get; init; }

    [Description("Markdown.")]
    public required string Body { get; init; }

    [Description("Left out: directives, escalations, blockers and requests for tests or a review must be acknowledged.")]
    public bool? RequiresAck { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record MessageAckArguments
{
    [Description("As the inbox gives it: msg-AT-EMRG-01-3."), MaxLength(160)]
    public required string MessageId { get; init; }

    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? Agent { get; init; }

    public string? Notes { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record HandoffArguments
{
    [JsonConverter(typeof(IdText))]
    public required string AtpId { get; init; }

    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? FromAgent { get; init; }

    [JsonConverter(typeof(HandleText))]
    public required string ToAgent { get; init; }

    [Description("What is done. Must not be empty.")]
    public string? CompletedWork { get; init; }

    [Description("What is still to be done. Must not be empty.")]
    public string? PendingWork { get; init; }

    [Description("What proves it. Must not be empty.")]
    public string? Evidence { get; init; }

    [JsonConverter(typeof(PriorityText))]
    public Priority? Priority { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}
