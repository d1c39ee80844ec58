using System.Collections.Immutable;
using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Drill;

/// <summary>
/// Seed 000's calls, in its order and with its words. The alert takes row 1, with the notification and the directive that the seed's @pm sends;
/// rows 2 and 4, for which the seed prints no notification, are reported by the agent that took them.
/// </summary>
internal static class SeedEmergency
{
    private const string P0 = "P0-Critical";

    /// <summary>The first sign of trouble, before the alert fires.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(2);

    private const string Handoff = """
        ## Emergency Fix Ready

        ### Completed Work
        - Fix implemented
        - Minimal testing done

        ### Pending Work
        - Approve
        - Deploy
        - Monitor

        ### Evidence
        - Build passes
        - Critical tests pass
        """;

    public static DrillScript Script(Flow flow, DateTimeOffset now)
    {
        ImmutableArray<DrillRow> rows =
        [
            Row(flow, 1),
            Row(
                flow, 2,
                DrillCall.Tool("@dev", "message_ack", ("messageId", "{directive}"), ("agent", "@dev"), ("notes", "ACKNOWLEDGED - Starting emergency fix")),
                Notify("@dev", P0, "🚨 ACKNOWLEDGED: {atp}", "Other work is set aside; working on the fix.")),
            Row(
                flow, 3,
                DrillCall.Tool(
                    "@dev", "message_send", ("atpId", "{atp}"), ("fromAgent", "@dev"), ("toAgent", "@pm"), ("messageType", "Handoff"), ("priority", P0),
                    ("subject", "Handoff: {atp} - Emergency Fix Ready"), ("body", Handoff), ("requiresAck", false)),
                Notify("@dev", P0, "🚨 FIX READY: Awaiting Deployment", "Emergency fix completed, waiting for the deployment to be approved.")),
            Row(
                flow, 4,
                DrillCall.Approve("@pm", "It stops the bleeding, rollback is possible, the blast radius is minimal."),
                DrillCall.Tool("@sre", "atp_change_status", ("atpId", "{atp}"), ("status", "Deployed"), ("agent", "@sre"), ("notes", "Deployed to production")),
                Notify("@sre", P0, "🚨 DEPLOYED: {atp}", "The fix is in production and watched.")),
            Row(
                flow, 5,
                DrillCall.Tool(
                    "@pm", "artifact_create", ("atpId", "{atp}"), ("artifactType", "PMVerificationReport"),
                    ("title", "PM Verification Report: {atp} (Emergency)"),
                    ("content", "Error rate is back to normal; checkout answers again."),
                    ("persist", "both")),
                DrillCall.Tool("@pm", "atp_change_status", ("atpId", "{atp}"), ("status", "Closed")),
                Notify("@pm", "P1-High", "✅ INCIDENT RESOLVED - Postmortem Required", "## Incident Closed\n\nPostmortem ATP created: {followUp}")),
        ];
        return new DrillScript(flow, DrillAlert.Firing("critical", now - Before), Halts: true, rows, [.. flow.Rows.Where(row => row.Kind == RowKind.FollowUp)]);
    }

    private static DrillRow Row(Flow flow, int number, params ImmutableArray<DrillCall> calls) => new(flow.Rows.First(row => row.Number == number), calls);

    private static DrillCall Notify(string by, string priority, string subject, string body) =>
        DrillCall.AddFact(by, "@operator", "HITLNotification", priority, subject, body);
}
