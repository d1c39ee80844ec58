using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>The emergency flow from the alert to the accepted postmortem, step by step, so that each step can be taken on another node.</summary>
internal sealed class Emergency
{
    public const string DevTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    public const string PmTrace = "00-1bf7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01";

    public string Incident { get; private set; } = "";
    public string Atp { get; private set; } = "";
    public string Halt { get; private set; } = "";

    public async Task AlertAsync(TracedNode node)
    {
        var now = DateTimeOffset.UtcNow;
        var alert = new
        {
            status = "firing",
            labels = new { alertname = "CheckoutDown", severity = "critical" },
            annotations = new { summary = "Checkout answers 500" },
            startsAt = now.AddMinutes(-1),
            endsAt = "0001-01-01T00:00:00Z",
            fingerprint = Guid.NewGuid().ToString("n"),
        };
        var answer = await node.PostAsync(
            "/webhooks/alertmanager", null,
            new
            {
                version = "4", status = "firing", receiver = "incidents", groupKey = alert.fingerprint,
                groupLabels = new { }, commonLabels = new { }, alerts = new[] { alert },
            });
        Incident = Assert.Single(answer.List("incidents")).Text("id");
        var view = await node.GetAsync($"/api/incidents/{Incident}");
        Atp = view.List("atps")[0].GetString()!;
        Halt = view.List("halts")[0].GetString()!;
    }

    public async Task AcknowledgeAsync(TracedNode node)
    {
        var directive = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                directive = (await node.GetAsync("/api/agents/@dev/inbox")).List("messages")
                    .FirstOrDefault(message => message.Text("type") == "EmergencyDirective");
                return directive.ValueKind == JsonValueKind.Object;
            },
            "the directive's arrival");
        await node.UseAsync("message_ack", "@dev", new { messageId = directive.Text("id"), agent = "@dev" }, DevTrace);
    }

    public Task HandOffAsync(TracedNode node) => node.UseAsync(
        "handoff", "@dev",
        new
        {
            atpId = Atp, fromAgent = "@dev", toAgent = "@pm",
            completedWork = "- fixed", pendingWork = "- deploy", evidence = "- tests pass", priority = "P0-Critical",
        },
        DevTrace);

    public async Task ApproveAsync(TracedNode node)
    {
        var approval = Assert.Single((await node.GetAsync("/api/approvals?state=open")).List("items"));
        await node.PostAsync($"/api/approvals/{approval.Text("id")}/decision", "@pm", new { decision = "approve" }, PmTrace);
    }

    public Task DeployAsync(TracedNode node) => node.UseAsync("atp_change_status", "@sre", new { atpId = Atp, status = "Deployed", agent = "@sre" });

    public async Task CloseAsync(TracedNode node)
    {
        await node.UseAsync(
            "artifact_create", "@pm",
            new { atpId = Atp, artifactType = "PMVerificationReport", title = "Verified", content = "Errors are gone.", persist = "store" });
        await node.UseAsync("atp_change_status", "@pm", new { atpId = Atp, status = "Closed" }, PmTrace);
    }

    public async Task WritePostmortemAsync(TracedNode node)
    {
        var postmortem = (await node.GetAsync($"/api/atps/{Atp}")).List("followUps")[0].Text("atpId");
        await node.GetAsync("/api/agents/@pm/inbox");
        await node.UseAsync("inbox", "@pm", new { agent = "@pm" });
        await node.UseAsync("atp_change_status", "@pm", new { atpId = postmortem, status = "InProgress" });
        var sections = new[] { "Timeline", "Root Cause", "Impact", "Resolution", "Prevention", "Action Items" };
        await node.UseAsync(
            "artifact_create", "@pm",
            new
            {
                atpId = postmortem, artifactType = "Postmortem", title = "Postmortem",
                content = string.Join("\n\n", sections.Select(section => $"## {section}\n\n- said")), persist = "store",
            });
        await node.UseAsync("atp_change_status", "@pm", new { atpId = postmortem, status = "Closed" });
    }
}
