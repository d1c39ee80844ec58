using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Incidents;

public sealed record IncidentDeclareArguments
{
    [Description("What is broken, in one line. Needed unless 'text' says it."), MaxLength(300)]
    public string? Title { get; init; }

    [Description("SEV-1 to SEV-4; P0 to P3, critical, high, medium and low are read too. Needed unless 'text' says it."), JsonConverter(typeof(SeverityText))]
    public Severity? Severity { get; init; }

    [Description("availability (default), security, data, financial, reputation or compliance."), JsonConverter(typeof(CategoryText))]
    public IncidentCategory? Category { get; init; }

    public string? Description { get; init; }

    [Description("First sign, RFC 3339; not in the future. Left out: now.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("Names and values; 'impact' and 'loss_per_minute' may make it SEV-1.")]
    public Dictionary<string, string>? Labels { get; init; }

    [Description("The command line of people instead of title and severity: '@DEV /emergency - P0: Payment gateway returning 500 errors'."), MaxLength(10_000)]
    public string? Text { get; init; }

    [Description("While an incident with this key is ongoing, declaring again gives that incident."), MaxLength(255)]
    public string? DedupKey { get; init; }

    [Description("The flow of its first ATP: any loaded flow, such as emergency, hotfix or standard. Left out: the severity's."), MaxLength(60)]
    public string? Flow { get; init; }

    [Description("The closed incident that this one is about again."), JsonConverter(typeof(IdText))]
    public string? RelatedTo { get; init; }
}

public sealed record IncidentGetArguments
{
    [JsonConverter(typeof(IdText))]
    public required string IncidentId { get; init; }
}

public sealed record IncidentNextArguments
{
    [Description("INC-… of an incident, or AT-… of an ATP."), JsonConverter(typeof(IdText))]
    public required string Id { get; init; }
}

/// <summary>All commands' arguments; <see cref="IncidentCommands"/> says which belong to which command.</summary>
public sealed record IncidentUpdateArguments
{
    [JsonConverter(typeof(IdText))]
    public required string IncidentId { get; init; }

    [Description(
        "acknowledge {notes}, assess {broken, usersAffected, since, changed, checks}, mitigate {action, scenario, expectedMinutes, "
        + "done, notes}, resolve {summary, impact, fix, verified, noFix}, reopen {reason}, close {criteria, overrideReason, notes}, "
        + "cancel {reason}, note {text}, labels {labels}, severity {severity, reason}, responders {handle, role} or commander {handle, reason}.")]
    [MaxLength(20)]
    public required string Command { get; init; }

    [Description("assess: what is broken."), MaxLength(4000)]
    public string? Broken { get; init; }

    [Description("assess: how many users are affected."), MaxLength(4000)]
    public string? UsersAffected { get; init; }

    [Description("assess: since when."), MaxLength(4000)]
    public string? Since { get; init; }

    [Description("assess: what changed recently."), MaxLength(4000)]
    public string? Changed { get; init; }

    [Description("assess: quick checks done: monitoring, deployments, dependencies, commits.")]
    public string[]? Checks { get; init; }

    [Description("mitigate: rollback, feature-flag, traffic-routing, scale-up, fallback, read-replica, rate-limit, or other with notes."), MaxLength(60)]
    public string? Action { get; init; }

    [Description(
        "mitigate: a scenario of the matrix, which chooses the action: bad-deployment, feature-bug, external-service-down, database-issue.")]
    [MaxLength(100)]
    public string? Scenario { get; init; }

    [Description("mitigate: left out: the matrix says.")]
    public int? ExpectedMinutes { get; init; }

    [Description("mitigate: it works; the incident is monitored from now on.")]
    public bool? Done { get; init; }

    [Description("resolve: what was wrong, in one line."), MaxLength(4000)]
    public string? Summary { get; init; }

    [Description("resolve: who was affected and how much."), MaxLength(4000)]
    public string? Impact { get; init; }

    [Description("resolve: what fixed it."), MaxLength(4000)]
    public string? Fix { get; init; }

    [Description("resolve: why no fix was needed, when none was deployed."), MaxLength(4000)]
    public string? NoFix { get; init; }

    [Description("resolve: all of error-rate, metrics, user-reports, no-new-issues.")]
    public string[]? Verified { get; init; }

    [Description(
        "close: all of service-restored, root-cause, hotfix-verified, monitoring-stable, stakeholders-notified, incident-report, "
        + "kb-entry, action-items, or an overrideReason.")]
    public string[]? Criteria { get; init; }

    [Description("close: why the criteria that are not ticked are skipped."), MaxLength(4000)]
    public string? OverrideReason { get; init; }

    [Description("severity: the new one. Anybody on the incident raises it; its commander or the operator lowers it."), JsonConverter(typeof(SeverityText))]
    public Severity? Severity { get; init; }

    [Description("recategorize: the right one: availability, security, data, financial, reputation or compliance."), JsonConverter(typeof(CategoryText))]
    public IncidentCategory? Category { get; init; }

    [Description("reopen, cancel: needed. severity, recategorize, commander: why."), MaxLength(4000)]
    public string? Reason { get; init; }

    [Description("note: the text."), MaxLength(100_000)]
    public string? Text { get; init; }

    [Description("labels: names and values for reports: issue, dashboard, logs, sprint, revenue_impact.")]
    public Dictionary<string, string>? Labels { get; init; }

    [Description("responders, commander: who."), JsonConverter(typeof(HandleText))]
    public string? Handle { get; init; }

    [Description("responders: as what; 'responder' when left out."), MaxLength(60)]
    public string? Role { get; init; }

    [Description("acknowledge, mitigate, close."), MaxLength(4000)]
    public string? Notes { get; init; }
    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}
