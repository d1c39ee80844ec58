using System.Text;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Reports;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Cli.Events;

/// <summary>What an event of the feed says, as a sentence: reports tell what matters afterwards, whoever follows wants to know of everything.</summary>
internal static class EventWords
{
    /// <summary>The event's name and where it belongs, for one that only a newer program can read.</summary>
    public static string Of(JsonElement one)
    {
        var (name, actor) = (one.Text("name") ?? "-", one.Text("actor") ?? "-");
        if (one.Part("data") is not { } data) return $"{name} on {actor}";
        try
        {
            var read = EventTypes.Read(name, Encoding.UTF8.GetBytes(data.GetRawText()));
            var happened = new TimelineEvent(ActorId.Parse(actor), read, one.Time("at") ?? default, one.Text("by") ?? "-");
            return Own(happened.Actor.Key, read) ?? (TimelineText.Of(happened) is { } line ? Join(line.Event, line.Action) : $"{name} on {actor}");
        }
        catch (Exception error) when (error is UnknownEventException or JsonException or FormatException)
        {
            return $"{name} on {actor}";
        }
    }

    private static string? Own(string key, IEvent happened) => happened switch
    {
        IncidentDeclared e => $"{key} declared, {e.Severity.Name()}: {e.Title}",
        IncidentNoted e => Join("Note", e.Text),
        IncidentAtpJoined e => $"{e.AtpId} belongs to {key}",
        IncidentAlertsJoined { Alerts.IsEmpty: true } e => $"Alert group {e.Group} belongs to {key}",
        RunbookStarted e => $"Run {e.RunId} has started",
        IncidentConditionMet e => $"Halt condition '{e.Condition}' met ({e.Mode.ToString().ToLowerInvariant()})",
        IncidentResponderAdded e => $"{e.Responder.Handle} responds as {e.Responder.Role}",
        IncidentOverridden e => Join($"Rules overridden for {e.Command}", e.Reason),
        AtpCreated e => $"{key} created, {e.Flow}: {e.Title}",
        AtpMoved { From: var from, To: var to } e when from == to => Join($"{key} stays {to}", e.Trigger),
        AtpOwned e => e.Owner is { } owner ? $"{key} belongs to {owner}" : $"{key} belongs to nobody",
        AtpNoted e => Join($"Note on {key}", e.Notes),
        AtpPriorityChanged e => $"{key}: {e.From} → {e.To}",
        AtpGateVerified e => Join($"{key}: gate {e.Gate} verified", e.Basis),
        AtpGateReopened e => Join($"{key}: gate {e.Gate} is open again", e.Reason),
        AtpHandedOff e => $"{key} handed from {e.From} to {e.To}",
        AtpApprovalAsked e => $"{key} waits for {e.ApprovalId}, by {e.Role}",
        AtpApprovalSettled e => $"{key}: {e.ApprovalId} {e.Status.ToString().ToLowerInvariant()}",
        AtpOverridden e => Join($"{key}: rules overridden for {e.Command}", e.Reason),
        AtpFinished => $"{key} is finished",
        MessageSent e => Join($"{e.Type} from {e.From} to {e.To}", e.Subject),
        MessageAcknowledged e => Join($"{MessageIds.Of(key, e.Number)} acknowledged", e.Notes),
        MessageOverdue e => $"{MessageIds.Of(key, e.Number)} is not acknowledged; {e.Told} is told",
        ApprovalRequested e => Join($"{key} asks {e.Role}", e.Question),
        ApprovalOverdue => $"{key} is overdue: nobody has decided",
        ApprovalVoided e => Join($"{key} is void", e.Reason),
        HaltRaised e => Join($"HALT of {e.Scope} by {key}", e.Reason),
        HaltLiftedPartly e => Join($"{key} lifted for {e.Scope}", e.Notes),
        HaltOverridden e => Join($"{key} overridden for {e.Command}", e.Reason),
        KnowledgeOverridden e => Join($"{key} overridden for {e.Command}", e.Reason),
        AgentRegistered e => $"{e.Handle} is known, {string.Join(", ", e.Roles)}",
        AgentTurnStarted => $"{key} begins a turn",
        AgentTurnEnded e => $"{key} ends its turn by closing {e.AtpId}",
        AgentHaltConfirmed e => $"{key} confirms {e.HaltId}",
        AgentResumed e => $"{key} goes on after {e.HaltId}",
        _ => null,
    };

    private static string Join(string what, string? more) => string.IsNullOrWhiteSpace(more) ? what : $"{what}: {more}";
}
