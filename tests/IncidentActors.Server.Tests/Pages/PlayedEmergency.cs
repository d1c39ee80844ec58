using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>An emergency as a drill plays it: from the declaration to the closed ATP and the queued postmortem, with what people write on the way.</summary>
internal sealed record PlayedEmergency(string Incident, string Atp, string Postmortem, string OtherHalt)
{
    public const string Knowledge = "KB-2026-10-02-001";

    /// <param name="text">Stands in every field that takes a text of somebody's own.</param>
    public static async Task<PlayedEmergency> PlayAsync(ServerUnderTest server, string text = "Payments fail")
    {
        (await server.PostAsync("/api/tools/knowledge_import", "@pm", new { name = Knowledge + ".md", text = KnowledgeFile(text) })).IsOk();
        var otherHalt = (await server.PostAsync("/api/halts", "@operator", new { scope = "agent:@qa", reason = Cut(text, 1000) })).Json.Text("id");
        var declared = (await server.PostAsync("/api/incidents", "@pm", new
        {
            title = Cut(text, 300), severity = "SEV-1", category = "availability", description = Cut(text, 10_000),
            labels = new Dictionary<string, string> { ["service"] = Cut(text, 1000) },
        })).Is(System.Net.HttpStatusCode.Created).Json;
        var (incident, atp) = (declared.Text("id"), declared.List("atps")[0].GetString()!);
        (await server.PostAsync($"/api/incidents/{incident}/note", "@pm", new { text })).IsOk();
        (await server.PostAsync(
            $"/api/incidents/{incident}/assess",
            "@dev",
            new { broken = Cut(text, 4000), usersAffected = Cut(text, 4000), since = "14:02", changed = Cut(text, 4000) })).IsOk();
        var directive = (await server.GetAsync("/api/agents/@dev/inbox"))
            .IsOk().Json
            .List("messages")
            .First(message => message.GetProperty("requiresAck").GetBoolean());
        (await server.PostAsync("/api/tools/message_ack", "@dev", new { messageId = directive.Text("id"), agent = "@dev", notes = text })).IsOk();
        await HandOffAsync(server, atp, text);
        (await server.PostAsync($"/api/approvals/{await ApprovalAsync(server)}/decision", "@pm", new { decision = "reject", note = Cut(text, 4000) })).IsOk();
        await HandOffAsync(server, atp, text + " again");
        (await server.PostAsync($"/api/approvals/{await ApprovalAsync(server)}/decision", "@pm", new { decision = "approve", note = Cut(text, 4000) })).IsOk();
        (await server.PostAsync("/api/tools/atp_change_status", "@sre", new { atpId = atp, status = "Deployed", notes = text })).IsOk();
        (await server.PostAsync(
            "/api/tools/artifact_create",
            "@pm",
            new
            {
                atpId = atp, artifactType = "PMVerificationReport", title = Cut(text, 300), content = $"## Resolution\n\n{text}\n",
            })).IsOk();
        (await server.PostAsync("/api/tools/atp_change_status", "@pm", new { atpId = atp, status = "Closed" })).IsOk();
        (await server.GetAsync("/api/agents/@pm/inbox", "@pm")).IsOk();
        await Eventually.TrueAsync(
            async () => (await server.GetAsync($"/api/incidents/{incident}")).IsOk().Json is var told
                && told.Text("status") == "resolved" && told.List("atps").Length == 2,
            "the incident's hearing of its ATPs");
        var postmortem = Assert.Single((await server.GetAsync($"/api/atps?incidentId={incident}")).Items(), one => one.Text("type") == "postmortem").Text("id");
        return new PlayedEmergency(incident, atp, postmortem, otherHalt);
    }

    /// <summary>What the argument takes, without half a character at the end.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    private static async Task HandOffAsync(ServerUnderTest server, string atp, string text) =>
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new { atpId = atp, fromAgent = "@dev", toAgent = "@pm", completedWork = text, pendingWork = text, evidence = text })).IsOk();

    private static async Task<string> ApprovalAsync(ServerUnderTest server) =>
        Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items()).Text("id");

    private static string KnowledgeFile(string text)
    {
        var quoted = System.Text.Json.JsonSerializer.Serialize(Cut(text, 300));
        return
            $"---\ntitle: {quoted}\ncategory: bug\npriority: critical\ndate: 2026-10-02\ntags: [payment, {quoted}]\nrelated_files: "
            + $"[{quoted}]\nimpact: {quoted}\n---\n## Summary\n\n{text}\n";
    }
}
