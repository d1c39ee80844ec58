using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Atps;

/// <summary>What the further tools of the <c>governance</c> family are given; other arguments are appended to the text.</summary>
public sealed record GovernanceArguments
{
    [Description("The ATP that it is about."), JsonConverter(typeof(IdText))]
    public string? AtpId { get; init; }

    [MaxLength(300)]
    public string? Title { get; init; }

    [MaxLength(300)]
    public string? Subject { get; init; }

    [Description("The text, in Markdown; body, description and notes are read too.")]
    public string? Content { get; init; }

    public string? Body { get; init; }
    public string? Description { get; init; }
    public string? Notes { get; init; }

    [JsonConverter(typeof(PriorityText))]
    public Priority? Priority { get; init; }

    [JsonConverter(typeof(PriorityText))]
    public Priority? Severity { get; init; }

    [Description("To whom it is escalated. Left out: pm; pm's own goes to the operator."), JsonConverter(typeof(HandleText))]
    public string? ToAgent { get; init; }

    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? FromAgent { get; init; }

    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? Agent { get; init; }

    [Description("issue_log: 'add' (default), 'resolve' or 'get'."), MaxLength(20)]
    public string? Action { get; init; }

    [Description("issue_log: the issue, with its category, severity, source, summary and details.")]
    public string? Issue { get; init; }

    [Description("issue_log: id of the issue that is resolved."), MaxLength(60)]
    public string? IssueId { get; init; }

    [Description("issue_log: how it was resolved.")]
    public string? Resolution { get; init; }

    [JsonIgnore]
    public string? Named => Title ?? Subject
        ?? Issue?.Split('\n').FirstOrDefault(line => line.StartsWith(Summary, StringComparison.Ordinal))?[Summary.Length..]
        ?? (IssueId is null ? null : $"{IssueId} resolved");

    private const string Summary = "- summary: ";
}

public sealed record UowGetArguments
{
    [Description("Id of the ATP."), JsonConverter(typeof(IdText))]
    public required string UowId { get; init; }
}

/// <summary>Further tools of the <c>governance</c> family, as what this system has: artifacts, bugfix ATPs and escalations.</summary>
internal static class GovernanceTools
{
    private const string Prefix = "governance";

    /// <summary>Tools of the family that are not here, and what does their work.</summary>
    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> Instead = new Dictionary<string, ImmutableArray<string>>
    {
        ["error_recovery"] = ["atp_get", "inbox"],
        ["sync"] = ["inbox"],
        ["cockpit_refresh"] = ["inbox", "atp_list"],
        ["capabilities"] = ["atp_get"],
        ["message_delete"] = ["message_ack"],
        ["issue"] = ["issue_log", "bug_create"],
        ["state"] = ["atp_get", "atp_list"],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static readonly ImmutableArray<Tool> All =
    [
        Of("issue_log", "Log an issue", "Adds an IssueLog to an ATP, adds what became of an issue, or gives the ATP with its IssueLogs.", IssueAsync),
        Of("decision", "Record a decision", "Adds a Decision to an ATP.", (call, given) => ArtifactAsync(call, given, "Decision", "Decision")),
        Of("atp_verify", "Verify an ATP", "Adds pm's verification report to an ATP. Closing is atp_close.",
            (call, given) => ArtifactAsync(call, given, "PMVerificationReport", "PM Verification Report")),
        Of("bug_create", "Report a bug", "Creates an ATP of the flow bugfix; atpId is the ATP whose work revealed the bug.", BugAsync),
        Of("escalate", "Escalate", "Sends an Escalation about an ATP, to pm or to whom it names.", EscalateAsync),
        Tool.Of<UowGetArguments>(
            new("uow_get", "Look at a unit of work", "The same as atp_get.", ReadOnly: true, Idempotent: true), typeof(AtpView),
            (call, given) => ViewAsync(call, given.UowId), CommandAccess.Own),
    ];

    /// <summary>The name without the family's prefix: <c>governance.atp_set</c> and <c>governance_atp_set</c> are <c>atp_set</c>.</summary>
    public static string Plain(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length + 1 && name[Prefix.Length] is '.' or '_'
            ? name[(Prefix.Length + 1)..]
            : name;

    /// <summary>What to use in place of a tool of the family that is not here; empty: nothing is known of it.</summary>
    public static ImmutableArray<string> InsteadOf(string name) => Instead.GetValueOrDefault(Plain(name), []);

    private static Tool Of(string name, string title, string text, Func<ToolCall, GovernanceArguments, Task<Outcome>> handle) => Tool.Of<GovernanceArguments>(
        new(name, title, text) { KeepsDetails = true }, typeof(AtpView),
        async (call, given) => call.Mismatch(given.FromAgent ?? given.Agent, "agent") is { } mismatch ? mismatch : await handle(call, given),
        CommandAccess.To<GovernanceArguments>(given => [.. Touched.Named(given.AtpId, ActorId.Atp)]));

    private static async Task<Outcome> ViewAsync(ToolCall call, string atp)
    {
        var view = await call.Engine.Views.AtpAsync(atp);
        return QueryResults.At(view, view?.Version ?? 0, () => AtpDecider.Unknown(atp));
    }

    private static Task<Outcome> IssueAsync(ToolCall call, GovernanceArguments given) => given switch
    {
        { Action: "get", AtpId: { } atp } => ViewAsync(call, atp),
        { Action: null or "add" or "resolve" or "get" } => ArtifactAsync(call, given, "IssueLog", "Issue"),
        _ => Task.FromResult<Outcome>(Arguments.Malformed("The argument 'action' must be 'add', 'resolve' or 'get'.", "add", "resolve", "get")),
    };

    private static async Task<Outcome> ArtifactAsync(ToolCall call, GovernanceArguments given, string type, string title) => given.AtpId is { } atp
        ? await AtpTools.DoAsync(Plain(call), atp, new CreateArtifact(type, given.Named ?? $"{title}: {atp}", Text(call, given)))
        : Missing("atpId");

    private static async Task<Outcome> BugAsync(ToolCall call, GovernanceArguments given) => given.Named is { } title
        ? await call.Engine.Creations.CreateAsync(
            new CreateAtp(title, "bugfix", "bugfix", ParentAtpId: given.AtpId, Priority: given.Priority ?? given.Severity, Notes: Text(call, given)), call.Call)
        : Missing("title");

    private static async Task<Outcome> EscalateAsync(ToolCall call, GovernanceArguments given)
    {
        if (given.AtpId is not { } atp) return Missing("atpId");
        var pm = call.Engine.Options.Roster.HandleFor(Roles.Pm);
        var to = given.ToAgent ?? (call.Call.By == pm ? Handle.Operator : pm);
        var text = Text(call, given);
        return await AtpTools.DoAsync(
            Plain(call), atp,
            new SendMessage(to, MessageType.Escalation, given.Priority ?? given.Severity, given.Named ?? Shortened.Within(text.Split('\n')[0], 120), text));
    }

    /// <summary>The call, with the details that are in the text already.</summary>
    private static ToolCall Plain(ToolCall call) => call with { Details = call.Details.Clear() };

    private static string Text(ToolCall call, GovernanceArguments given)
    {
        IEnumerable<string?> parts =
        [
            given.Content, given.Body, given.Description, given.Notes, given.Issue, given.Resolution,
            .. call.Details.Select(detail => $"**{detail.Key}:** {detail.Value}"),
        ];
        return string.Join("\n\n", parts.OfType<string>()) is { Length: > 0 } text ? text : given.Named ?? "Nothing was said.";
    }

    private static Rejected Missing(string name) => Arguments.Missing(name, Arguments.Names(ServerJson.Info<GovernanceArguments>()));
}
