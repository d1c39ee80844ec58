using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Client;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Texts;
using Microsoft.Extensions.AI;

namespace IncidentActors.Agents.Chat;

/// <summary>The tools of the journal as functions of one turn. Names and descriptions are those of the MCP tools, arguments the usual ones of theirs.</summary>
/// <param name="closing">Called before a command that may close the ATP of the message.</param>
internal sealed class JournalFunctions(AgentTurn turn, Func<Task> closing) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Arguments = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private readonly Dictionary<string, Permit> permits = [];

    /// <summary>An ATP was closed, which ends the agent's turn in the journal.</summary>
    public bool HasEndedTurn { get; private set; }

    public IReadOnlyList<AIFunction> All =>
    [
        Of("atp_get", "The ATP with its history, gates, approvals, artifacts, and the rows that lead on from its status.", GetAtpAsync),
        Of("atp_create", "Creates a piece of work. Answers with the follow-up that a closure has created already when that is what is meant.", CreateAtpAsync),
        Of("atp_set",
            "Changes status, owner, priority, notes or gates of an ATP; creates it when the id is new. An urgent one without an incident declares it.",
            SetAtpAsync),
        Of("atp_change_status",
            "Takes the row of the ATP's flow that leads to the status. Refused with what is missing, or who may take the row.", ChangeStatusAsync),
        Of("atp_close",
            "Closes the ATP and ends your turn: fetch your inbox before anything else. Follow-ups are created in the same commit.", CloseAtpAsync),
        Of("artifact_create", "Adds typed evidence to an ATP: a PMVerificationReport, a Postmortem, a TestReport, …", CreateArtifactAsync),
        Of("message_send", "Sends a message about an ATP. The answer's messageId names it.", SendMessageAsync),
        Of("message_ack",
            "Says that you have taken note of a message that was sent to you; acknowledging a directive may take a row of the ATP's flow.", AcknowledgeAsync),
        Of("handoff", "Hands your work on an ATP over: what is done, what is pending, what proves it. All three are needed.", HandOffAsync),
        Of("approval_decide", "Approves or rejects. For its role and the operator, never for the asker.", DecideAsync),
        Of("incident_declare",
            "Declares an incident with its first ATP, commander, responders, clocks, and for SEV-1 a halt of all other work. "
            + "The answer's 'created' is false when an ongoing one with the dedupKey was given instead.", DeclareAsync),
        Of("incident_get", "Severity, status, commander, responders, ATPs, halts, times, alerts and similar incidents.", GetIncidentAsync),
        Of("incident_update",
            "Acknowledges, assesses, mitigates, resolves, reopens, closes or cancels it, adds a note or a responder, changes severity or commander.",
            UpdateIncidentAsync),
        Of("permit_request",
            "Before you do something outside (deploy, push, SQL): asks whether it may start now. The permit ends at its time or at a halt; stop the "
            + "action then. It is renewed until your turn ends; end it with permit_end.", RequestPermitAsync),
        Of("permit_end",
            "The action is over: done, failed, or unknown. An unknown one is settled by its holder, the operator or the incident's commander.", EndPermitAsync),
    ];

    /// <summary>A refusal as data for the model.</summary>
    public static string Refused(string rule, string sentence, IEnumerable<string> allowed) =>
        Safe(JsonSerializer.Serialize(new { refused = rule, sentence, allowed }, Arguments));

    /// <summary>Permits that the model has not ended are reported as unknown.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var permit in permits.Values) await permit.DisposeAsync();
    }

    private static AIFunction Of(string name, string description, Delegate function) =>
        AIFunctionFactory.Create(function, new AIFunctionFactoryOptions { Name = name, Description = description, SerializerOptions = Arguments });

    private async Task<string> GetAtpAsync(string atpId) => Found(await turn.Incidents.Atp(atpId).GetAsync(turn.Halted), atpId);

    private Task<string> CreateAtpAsync(
        [Description("What is to be done, in one line.")] string title,
        [Description("Id of your own choice.")] string atpId,
        [Description("Kind of work: task (default), review, postmortem, …")] string? type = null,
        [Description("The flow to follow. Left out: keywords in title and notes choose, else 'standard'.")] string? flow = null,
        [Description("The incident that the work belongs to.")] string? incidentId = null,
        [Description("The ATP that this one follows up.")] string? parentAtpId = null,
        Priority? priority = null,
        [Description("What the owner should know.")] string? notes = null,
        [Description("Handle of the agent who does it.")] string? owner = null) =>
        DoAsync(atpId, new CreateAtp(title, type, flow, incidentId, parentAtpId, priority, notes, Named(owner)));

    private Task<string> SetAtpAsync(
        [Description("The ATP; an id that is new creates it (emergency and hotfix start so).")] string atpId,
        [Description("State of its flow to go to.")] string? status = null,
        [Description("What the owner should know.")] string? notes = null,
        [Description("Handle of the agent who does it.")] string? owner = null,
        Priority? priority = null,
        [Description("Title of a new ATP, when the notes are not.")] string? title = null,
        [Description("Ids of gates that the caller answers with yes.")] string[]? gates = null) =>
        DoAsync(atpId, new SetAtp(status, notes, Named(owner), priority, title, [.. gates ?? []]), mayClose: status is not null);

    private Task<string> ChangeStatusAsync(
        string atpId, [Description("State of its flow to go to; 'Closed' is the same as atp_close.")] string status, string? notes = null) =>
        DoAsync(atpId, new ChangeStatus(status, notes), mayClose: true);

    private Task<string> CloseAtpAsync(string atpId, string? notes = null) => DoAsync(atpId, new CloseAtp(notes), mayClose: true);

    private Task<string> CreateArtifactAsync(
        string atpId,
        [Description("PMVerificationReport, Postmortem, IncidentReport, TestReport, SecurityReview, BackupConfirmation, …")] string artifactType,
        string title,
        [Description("Markdown. Sections that a row of the flow requires are headings with text under them.")] string content,
        [Description("What it found, where the flow asks for it: passed, failed, critical, …")] string? outcome = null) =>
        DoAsync(atpId, new CreateArtifact(artifactType, title, content, outcome));

    private Task<string> SendMessageAsync(
        [Description("The ATP that the message is about.")] string atpId, string toAgent, MessageType messageType, string subject,
        [Description("Markdown.")] string body,
        [Description("Left out: the ATP's.")] Priority? priority = null,
        [Description("Left out: directives, escalations, blockers and requests for tests or a review must be acknowledged.")] bool? requiresAck = null) =>
        DoAsync(atpId, new SendMessage(Handle.Normalize(toAgent), messageType, priority, subject, body, requiresAck));

    private Task<string> AcknowledgeAsync(string messageId, string? notes = null) =>
        MessageIds.TryParse(messageId, out var atp, out var number)
            ? DoAsync(atp, new AcknowledgeMessage(number, notes))
            : Task.FromResult(Refused(Rules.MessageUnknown, $"There is no message '{messageId}'.", [turn.Message.Id]));

    private Task<string> HandOffAsync(
        string atpId, string toAgent,
        [Description("What is done. Must not be empty.")] string completedWork,
        [Description("What is still to be done. Must not be empty.")] string pendingWork,
        [Description("What proves it. Must not be empty.")] string evidence,
        Priority? priority = null) =>
        DoAsync(atpId, new HandOff(Handle.Normalize(toAgent), completedWork, pendingWork, evidence, priority));

    private async Task<string> DecideAsync(
        string approvalId, Verdict decision,
        [Description("Its ATP. Left out: that of the message.")] string? atpId = null,
        [Description("Why.")] string? note = null)
    {
        var decide = new DecideApproval(decision == Verdict.Approve, Note: note);
        return Written(await turn.Incidents.Atp(atpId ?? turn.Atp.Id).DecideAsync(approvalId, decide, cancel: turn.Halted));
    }

    private async Task<string> DeclareAsync(
        [Description("What is broken, in one line.")] string title, Severity severity, string? description = null,
        [Description("While an incident with this key is ongoing, declaring again gives that incident.")] string? dedupKey = null)
    {
        var result = await turn.Incidents.DeclareAsync(title, severity, more => Describe(more, description, dedupKey), cancel: turn.Halted);
        return result.IsAccepted ? Written(result.Value.Declared!) : Refused(result.Refusal);
    }

    private async Task<string> GetIncidentAsync(string incidentId) =>
        Found(await turn.Incidents.Incident(incidentId).GetAsync(turn.Halted), incidentId);

    private async Task<string> UpdateIncidentAsync(
        string incidentId,
        [Description("acknowledge {notes}, assess {broken, usersAffected, since, changed}, mitigate {action, done, notes}, resolve {summary, impact, fix, "
            + "verified, noFix}, reopen {reason}, close {criteria, notes}, cancel {reason}, note {text}, severity {severity, reason}, "
            + "responders {handle, role} or commander {handle, reason}.")]
        string command,
        string? notes = null, string? broken = null, string? usersAffected = null, string? since = null, string? changed = null, string? action = null,
        bool done = false, string? summary = null, string? impact = null, string? fix = null, string[]? verified = null, string? noFix = null,
        string? reason = null, string[]? criteria = null, string? text = null, Severity? severity = null, string? handle = null, string? role = null)
    {
        IncidentCommand? update = command switch
        {
            "acknowledge" => new AcknowledgeIncident(notes),
            "assess" => new AssessIncident(broken, usersAffected, since, changed),
            "mitigate" => new MitigateIncident(action, Done: done, Notes: notes),
            "resolve" => new ResolveIncident(summary, impact, fix, [.. verified ?? []], noFix),
            "reopen" when reason is not null => new ReopenIncident(reason),
            "close" => new CloseIncident([.. criteria ?? []], Notes: notes),
            "cancel" when reason is not null => new CancelIncident(reason),
            "note" when text is not null => new NoteIncident(text),
            "severity" when severity is { } level => new ChangeSeverity(level, reason),
            "responders" when handle is not null => new AddResponder(Handle.Normalize(handle), role ?? "responder"),
            "commander" when handle is not null => new ChangeCommander(Handle.Normalize(handle), reason),
            _ => null,
        };
        if (update is null) return Refused(Rules.ArgumentMalformed, $"There is no command '{command}', or what it needs is missing.", []);
        return Written(await turn.Incidents.Incident(incidentId).DoAsync(update, cancel: turn.Halted));
    }

    private async Task<string> RequestPermitAsync(
        [Description("What is to be done outside, such as 'deploy', 'push', 'sql'.")] string action,
        [Description("The service that it changes.")] string? target = null,
        [Description("Such as 'production'.")] string? environment = null,
        [Description("Of exactly what is done: an image's digest, or the SHA-256 of a command.")] string? digest = null)
    {
        var result = await turn.Incidents.RequestPermitAsync(action, target, environment, digest, turn.Atp.Id, cancel: turn.Halted);
        if (!result.IsAccepted) return Refused(result.Refusal);
        permits[result.Value.Id] = result.Value;
        return Written(result.Value.View);
    }

    private async Task<string> EndPermitAsync(string permitId, PermitOutcome outcome, string? notes = null)
    {
        if (!permits.Remove(permitId, out var permit)) return Refused(Rules.PermitUnknown, $"The turn holds no permit '{permitId}'.", permits.Keys);
        await using var held = permit;
        return Written(await permit.ReleaseAsync(outcome, notes, cancel: turn.Halted));
    }

    private static void Describe(Declaration declaration, string? description, string? dedupKey)
    {
        if (description is not null) declaration.Description(description);
        if (dedupKey is not null) declaration.DeduplicationKey(dedupKey);
    }

    private async Task<string> DoAsync(string atpId, AtpCommand command, bool mayClose = false)
    {
        var atp = turn.Incidents.Atp(atpId);
        if (mayClose) await closing();
        var result = await atp.DoAsync(command, cancel: turn.Halted);
        HasEndedTurn |= mayClose && result.Value is { Finished: true };
        return Written(result);
    }

    private static string? Named(string? handle) => handle is null ? null : Handle.Normalize(handle);

    private static string Found(object? view, string id) => view is null ? Refused("unknown", $"There is no {id}.", []) : Written(view);

    private static string Written<T>(CommandResult<T> result)
        where T : class => result.IsAccepted ? Written(result.Value) : Refused(result.Refusal);

    private static string Refused(Rejected refusal) => Refused(
        refusal.Rule, refusal.Sentence,
        [.. refusal.Allowed, .. refusal.Next.Select(next => $"{next.What}: {next.Who} by {next.Tool} ({next.Subject})")]);

    private static string Written(object view) => Safe(JsonSerializer.Serialize(view, view.GetType(), CoreJson.Options));

    /// <summary>Text of others is in JSON strings, which it cannot end. What hides in it is escaped.</summary>
    private static string Safe(string json) => SafeText.OneLine(json, int.MaxValue);

    private enum Verdict
    {
        Approve,
        Reject,
    }
}
