using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Reports;

namespace IncidentActors.Core.Tests.Reports;

/// <summary>The timeline of seed 002's example, minute by minute.</summary>
internal static class PaymentOutage
{
    public const string Id = "INC-261121-PAY01";
    public const string Atp = "AT-EMRG-PAY01";
    private const string Post = "AT-POST-PAY01";

    private const string Postmortem =
        """
        ## Root cause
        A connection was never released.
        ## Why it happened
        The new endpoint returned early.
        ## Impact
        500 users could not pay.
        ## Resolution
        The connection is released in every path.
        ## Prevention
        - Alert on pool usage
        ## What went well
        - Quick rollback
        """;

    public static Dossier Declared() => new(Id, Declaration);

    public static Dossier Resolved() => new(Id, [.. Declaration, .. Response]);

    /// <summary>With the postmortem, the knowledge entry and the labels that somebody who knew set.</summary>
    public static Dossier Documented() => new(Id, [.. Declaration, .. Response, .. Documentation]);

    private static IEnumerable<TimelineEvent> Declaration =>
    [
        At(25, "@dev", new IncidentDeclared(
            "Payment gateway returning 500 errors", Severity.Sev1, IncidentCategory.Availability, null, Time(23), Time(25),
            ImmutableSortedDictionary<string, string>.Empty.Add("service", "payment"), "command", "@pm",
            [new Responder("@pm", "commander"), new Responder("@dev", "dev"), new Responder("@owen", "first-responder")], null, null, [], null)),
        At(25, "@dev", new IncidentAtpJoined(Atp, "emergency")),
        At(25, "@dev", new IncidentHaltJoined("HLT-PAY01")),
        OnAtp(Atp, 25, "@system", new AtpCreated(
            "Payment gateway returning 500 errors", "incident", "emergency", 1, Priority.P0, true, Id, null, "@pm", null, null, [], [])),
        OnAtp(Atp, 25, "@system", new AtpMoved(1, "(alert)", "InProgress", "Sev-1 detected", "atp_create", null, [], false)),
    ];

    private static IEnumerable<TimelineEvent> Response =>
    [
        At(26, "@dev", new IncidentAcknowledged(null)),
        At(30, "@dev", new IncidentAssessed("Payments fail with 500", "500 users", "14:23", "deploy 4711", ["monitoring", "deployments"])),
        At(31, "@dev", new IncidentMitigationStarted("rollback", "bad-deployment", 2, null)),
        At(36, "@system", new IncidentOverdue("mitigation", 1, ["@pm"])),
        OnAtp(Atp, 40, "@dev", new AtpMoved(3, "InProgress", "Complete", "Fix ready", "handoff", null, [], false)),
        new(ActorId.Approval("APR-1"), new ApprovalDecided(true, null, "go", false), Time(42), "@pm"),
        OnAtp(Atp, 45, "@sre", new AtpMoved(4, "Complete", "Deployed", "Deploy approved", "atp_change_status", null, [], false)),
        At(45, "@sre", new IncidentMitigated($"{Atp}: Deploy approved")),
        At(68, "@dev", new IncidentResolved(
            "Rolled back and fixed the leak.",
            "500 users",
            "Release the connection",
            ["error-rate", "metrics", "user-reports", "no-new-issues"],
            null)),
    ];

    private static IEnumerable<TimelineEvent> Documentation =>
    [
        At(69, "@pm", new IncidentAtpJoined(Post, "postmortem")),
        OnAtp(Post, 69, "@system", new AtpCreated(
            "Postmortem: Payment gateway | returning 500 errors", "postmortem", "postmortem", 1, Priority.P1, false, Id, Atp, "@pm", null,
            Time(69).AddHours(24), [], [])),
        OnAtp(Post, 90, "@pm", new AtpArtifactAdded("art-1", "Postmortem", "Postmortem", Postmortem, null, "store", [], [])),
        new(ActorId.Knowledge("KB-2026-11-21-PAY01"), new KnowledgeWritten(
            new KnowledgeEntry { Id = "KB-2026-11-21-PAY01", Title = "x", Date = new DateOnly(2026, 11, 21), Body = "" }, Post), Time(95), "@dev"),
        At(24 * 60, "@pm", new IncidentClosed([], ["stakeholders-notified"], "nobody to notify", null)),
    ];

    private static DateTimeOffset Time(int minute) => new DateTimeOffset(2026, 11, 21, 14, 0, 0, TimeSpan.Zero).AddMinutes(minute);

    private static TimelineEvent At(int minute, string by, IEvent one) => new(ActorId.Incident(Id), one, Time(minute), by);

    private static TimelineEvent OnAtp(string atp, int minute, string by, IEvent one) => new(ActorId.Atp(atp), one, Time(minute), by);
}
