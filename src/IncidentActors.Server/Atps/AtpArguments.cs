using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Atps;

public sealed record AtpCreateArguments
{
    [Description("What is to be done, in one line."), MaxLength(300)]
    public required string Title { get; init; }

    [Description("Id of your own choice. Left out: one is made."), JsonConverter(typeof(IdText))]
    public string? AtpId { get; init; }

    [Description("Kind of work: task (default), review, postmortem, … A type that is the name of a flow chooses that flow."), MaxLength(60)]
    public string? Type { get; init; }

    [Description("The flow to follow. Left out: keywords in title and notes choose, else 'standard'."), MaxLength(60)]
    public string? Flow { get; init; }

    [Description("The incident that the work belongs to."), JsonConverter(typeof(IdText))]
    public string? IncidentId { get; init; }

    [Description("The ATP that this one follows up."), JsonConverter(typeof(IdText))]
    public string? ParentAtpId { get; init; }

    [Description("Left out: the flow's priority."), JsonConverter(typeof(PriorityText))]
    public Priority? Priority { get; init; }

    [Description("What the owner should know.")]
    public string? Notes { get; init; }

    [Description("Handle of the agent who does it. Default: no owner yet, or the role of the flow's first row."), JsonConverter(typeof(HandleText))]
    public string? Owner { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record AtpSetArguments
{
    [Description("The ATP; an id that is new creates it (emergency and hotfix start so)."), JsonConverter(typeof(IdText))]
    public required string AtpId { get; init; }

    [Description("State of its flow to go to."), MaxLength(60)]
    public string? Status { get; init; }

    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? Agent { get; init; }

    [Description("What the owner should know. For a new ATP it is the title too, and its keywords choose the flow.")]
    public string? Notes { get; init; }

    [Description("Handle of the agent who does it."), JsonConverter(typeof(HandleText))]
    public string? Owner { get; init; }

    [JsonConverter(typeof(PriorityText))]
    public Priority? Priority { get; init; }

    [Description("Title of a new ATP, when the notes are not."), MaxLength(300)]
    public string? Title { get; init; }

    [Description("Ids of gates that the caller answers with yes.")]
    public string[]? Gates { get; init; }
    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record AtpChangeStatusArguments
{
    [JsonConverter(typeof(IdText))]
    public required string AtpId { get; init; }

    [Description("State of its flow to go to; 'Closed' is the same as atp_close."), MaxLength(60)]
    public required string Status { get; init; }

    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? Agent { get; init; }

    public string? Notes { get; init; }
    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record AtpCloseArguments
{
    [JsonConverter(typeof(IdText))]
    public required string AtpId { get; init; }

    public string? Notes { get; init; }
    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record ArtifactCreateArguments
{
    [JsonConverter(typeof(IdText))]
    public required string AtpId { get; init; }

    [Description("PMVerificationReport, Postmortem, IncidentReport, TestReport, SecurityReview, BackupConfirmation, …"), MaxLength(60)]
    public required string ArtifactType { get; init; }

    [MaxLength(300)]
    public required string Title { get; init; }

    [Description("Markdown. Sections that a row of the flow requires are headings with text under them."), MaxLength(1024 * 1024)]
    public required string Content { get; init; }

    [Description("'store' (default), 'file' (also as a file in the data folder) or 'both'."), MaxLength(10)]
    public string? Persist { get; init; }

    [Description("What it found, where the flow asks for it: passed, failed, critical, …"), MaxLength(60)]
    public string? Outcome { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record AtpGetArguments
{
    [JsonConverter(typeof(IdText))]
    public required string AtpId { get; init; }
}

public sealed record AtpListArguments
{
    [Description("'open' or 'finished'. Left out: both."), MaxLength(10)]
    public string? State { get; init; }

    [Description("State of the flow: InProgress, Complete, …"), MaxLength(60)]
    public string? Status { get; init; }

    [JsonConverter(typeof(HandleText))]
    public string? Owner { get; init; }

    [JsonConverter(typeof(IdText))]
    public string? IncidentId { get; init; }

    [MaxLength(60)]
    public string? Flow { get; init; }

    [Description("The 'next' of an earlier page."), MaxLength(60)]
    public string? Cursor { get; init; }

    [Description("1 to 1000; 100 when left out.")]
    public int? Limit { get; init; }
}
