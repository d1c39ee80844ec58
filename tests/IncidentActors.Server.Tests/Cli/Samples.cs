using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Events;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>One emergency as a server would show it six minutes in.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Declared = CliRun.Now.AddMinutes(-6);

    public static readonly IncidentView Incident = new()
    {
        Id = "INC-260126-K7M2P", Version = 9, Status = IncidentStatus.Mitigating, Severity = Severity.Sev1, Category = IncidentCategory.Availability,
        Title = "Checkout answers [500] to every request", Description = "Since the 03:10 deployment.", Commander = "@pm",
        Responders = [new("@pm", "commander"), new("@dev", "dev"), new("@sre", "sre"), new("@owen", "first-responder")],
        Conditions = [], Escalations = [], Atps = ["AT-EMRG-K7M2P"], Halts = ["HLT-K7M2PQ4R"], StartedAt = Declared.AddMinutes(-4),
        DetectedAt = Declared, DeclaredAt = Declared,
        AcknowledgedAt = Declared.AddSeconds(71), MitigatedAt = null, ResolvedAt = null, ClosedAt = null,
        Similar = [new("INC-251203-AAAAA", "Checkout down after deployment", 7.1, true)], Labels = ImmutableSortedDictionary<string, string>.Empty,
        Source = "alertmanager", DedupKey = "checkout", Criterion = null, RelatedTo = null,
        Alerts = [new("f1", "CheckoutDown", AlertStatus.Firing, Declared, null, null)], ResolutionSuggested = false,
        Assessment = new("checkout", "everybody in the EU", "03:10", null, ["monitoring", "deployments"], Declared.AddMinutes(2), "@dev"),
        Mitigations = [new("rollback", "bad-deployment", 2, Declared.AddMinutes(3), "@sre", null)], Impact = null, Fix = null,
    };

    public static readonly IncidentView Resolved = Incident with
    {
        Id = "INC-260125-3X9QT", Severity = Severity.Sev3, Status = IncidentStatus.Resolved, Title = "Search is slow", DeclaredAt = Declared.AddHours(-30),
        AcknowledgedAt = Declared.AddHours(-29), ResolvedAt = Declared.AddHours(-28), MitigatedAt = Declared.AddHours(-28),
    };

    public static readonly AtpView Atp = new()
    {
        Id = "AT-EMRG-K7M2P", Version = 12, Status = "Complete", Finished = false, Title = Incident.Title, Type = "incident",
        Flow = "emergency", FlowVersion = 1,
        Owner = "@dev", Priority = Priority.P0, Urgent = true, IncidentId = Incident.Id, ParentAtpId = null, Notes = null, CreatedBy = "@alertmanager",
        CreatedAt = Declared, DueAt = null, ClosedAt = null, Sections = [], Debt = [], Overrides = [],
        Gates =
        [
            new("stops-the-bleeding", "Does it stop the bleeding?", new("@pm", Declared.AddMinutes(5), "approval APR-1")),
            new("rollback-possible", "Is rollback possible?", null),
        ],
        Artifacts = [new("ART-1", "TestReport", "Critical tests", "@qa", Declared.AddMinutes(4), "passed", "store", 120, ["summary"], [])],
        History =
        [
            new(1, 1, "(alert)", "InProgress", "Sev-1 detected", "atp_create", "@alertmanager", Declared, null, false, ["msg-AT-EMRG-K7M2P-1"]),
            new(
                2, 2, "InProgress", "InProgress", "Acknowledged, immediate start", "message_ack", "@dev", Declared.AddSeconds(71), null,
                false, ["msg-AT-EMRG-K7M2P-3"]),
            new(3, 3, "InProgress", "Complete", "Fix ready", "handoff", "@dev", Declared.AddMinutes(5), null, false, []),
        ],
        Approvals = [new("APR-K7M2P1", 4, "pm", AtpApprovalStatus.Open, null, false)], FollowUps = [],
        Owed = [new("3.1", 3, MessageType.HITLNotification, "@dev", "@operator", Priority.P0, "🚨 FIX READY", "…", false)],
        Next = [new(4, "Deployed", "Deploy approved", "sre", ["external", "atp_change_status"])],
    };

    public static readonly HaltView Halt = new(
        "HLT-K7M2PQ4R",
        1,
        "active",
        HaltScope.All,
        "INC-260126-K7M2P is SEV-1: Checkout answers [500] to every request",
        "severity",
        Incident.Id,
        HaltMode.Enforce,
        "@system", Declared, Declared, null, null, [], [new("node-1", true, Declared.AddSeconds(1))],
        [new("@qa", false, null, []), new("@agent-01", true, Declared.AddSeconds(2), [])], 2, 1);

    public static readonly HaltNotice Notice = new(Halt.Id, Halt.Scope, Halt.Reason, Halt.RaisedBy, Halt.RaisedAt, Halt.IncidentId);

    public static readonly InboxView Inbox = new(
        "@dev", [Notice],
        [
            new(
                "msg-AT-EMRG-K7M2P-2", Atp.Id, Incident.Id, "@system", "@dev", MessageType.EmergencyDirective, Priority.P0,
                "🚨 EMERGENCY: Fix Required NOW", "…", true, Declared, null, null, false),
            new(
                "msg-AT-7-1", "AT-7", null, "@pm", "@dev", MessageType.Directive, Priority.P2, "Write the changelog", "…", true,
                Declared.AddHours(-2), null, null, true),
        ],
        [new(Atp.Id, Atp.Title, "InProgress", Priority.P0, Incident.Id)], [new("AT-7", "Changelog of the release", "InProgress", Priority.P2, null)], [])
    {
        Briefing =
        [
            new(
                "HLT-4", HaltScope.All, "double charges", Declared.AddHours(-3), Declared.AddHours(-2), "@operator", ["AT-7"],
                ["AT-7 by @operator: look at the pool first"], [], ["checkout by @sre"]),
        ],
    };

    public static readonly ApprovalView Approval = new(
        "APR-K7M2P1",
        1,
        ApprovalStatus.Open,
        Atp.Id,
        Incident.Id,
        4,
        "Deploy the fix to production?",
        [new("approve", "Deploy it", null), new("reject", "Back to dev", "the outage goes on")],
        "- Build passes\n- Critical tests pass", null, "pm", "@dev", Declared.AddMinutes(5), Declared.AddMinutes(20), ApprovalTimeout.Block,
        null, null, null, null, false, "");

    /// <summary>As the server writes what happened to the incident.</summary>
    public static JsonNode Note(string id, int secondsAgo, string by, string text) => JsonSerializer.SerializeToNode(
        new EventView(
            id, CliRun.Now.AddSeconds(-secondsAgo), by, "incident.noted.v1", $"incident/{Incident.Id}", 1, Incident.Id, null,
            JsonDocument.Parse(EventTypes.Write(new IncidentNoted(text))).RootElement),
        ServerJson.Info<EventView>())!;
}
