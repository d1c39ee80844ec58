namespace IncidentActors.Pages.Tests;

/// <summary>Every page there is, with something to show on each.</summary>
public sealed record PagesUnderTest(string Incident, string Atp, string Approval, string Halt, string Artifact)
{
    private const string Knowledge = "KB-2026-10-02-001";

    /// <summary>Paths by a name for files and failures.</summary>
    public IEnumerable<(string Name, string Path)> All =>
    [
        ("now", "/"),
        ("inbox", "/inbox"),
        ("incident", $"/incidents/{Incident}"),
        ("atp", $"/atps/{Atp}"),
        ("artifact", $"/atps/{Atp}/artifacts/{Artifact}"),
        ("halts", "/halts?scope=all"),
        ("halt", $"/halts/{Halt}?confirm=yes"),
        ("declare", "/declare"),
        ("sign-in", "/signin"),
        ("not-found", "/incidents/INC-0"),
        ("flows", "/flows"),
        ("flow", "/flows/emergency"),
        ("flow-wide", "/flows/emergency-hotfix"),
        ("figures", "/figures"),
        ("knowledge", "/knowledge"),
        ("entry", $"/knowledge/{Knowledge}"),
        ("postmortem", $"/incidents/{Incident}/postmortem"),
        ("replay", $"/incidents/{Incident}/replay?at=3"),
        ("incidents", "/incidents"),
        ("work", "/atps"),
        ("agents", "/agents"),
        ("agent", "/agents/@qa"),
        ("approval", $"/approvals/{Approval}"),
        ("search", "/search?q=gateway"),
        ("runbooks", "/runbooks"),
        ("runs", $"/incidents/{Incident}/runs?runbook=code-rollback"),
        ("setup", "/setup"),
        ("webhooks", "/setup/webhooks"),
        ("tokens", "/setup/tokens"),
        ("activity", "/activity"),
        ("documents", "/docs/HALTS"),
    ];

    /// <summary>Fills a room: three incidents, a halt, an approval that waits, evidence, notes, other agents' work.</summary>
    /// <param name="text">Instead of the ordinary words wherever text comes from outside.</param>
    public static async Task<PagesUnderTest> FillAsync(WarRoom room, string? text = null)
    {
        string Say(string plain, int longest = 100_000) => text is null ? plain : text.Length <= longest ? text : text[..longest];
        foreach (var agent in new[] { "@qa", "@sre", "@planner", "@operator" }) await room.ToolAsync(agent, "inbox", new { });
        await room.ToolAsync(
            "@pm",
            "knowledge_import",
            new
            {
                name = Knowledge + ".md",
                text = KnowledgeFile(Say("Payment gateway: pool exhausted", 250), Say("The pool of connections was **too small**.")),
            });
        await room.ToolAsync(
            "@qa",
            "atp_create",
            new { title = Say("Regression tests of the search page", 250), owner = "@qa", notes = Say("The old ones are flaky.") });
        await room.ToolAsync("@planner", "atp_create", new { title = "Plan of the next sprint", owner = "@planner" });
        await room.ToolAsync(
            "@pm",
            "incident_declare",
            new
            {
                title = Say("Checkout answers 500 for every third request", 250),
                severity = "SEV-2",
                category = "availability",
                description = Say("Seen since **14:03** in `checkout-7f9`."),
            });
        await room.ToolAsync("@pm", "incident_declare", new { title = "Reports of the night are late", severity = "SEV-4", category = "data" });
        var (incident, atp, approval) = await room.WaitingAsync(
            Say("Payment gateway returns 500 errors", 250), Say("Pool size raised from 20 to 200; two nodes restarted."));
        await room.ToolAsync("@pm", "incident_update", new { incidentId = incident, command = "acknowledge", notes = Say("On it", 3000) });
        await room.ToolAsync(
            "@pm",
            "incident_update",
            new { incidentId = incident, command = "note", text = Say("Support has 14 tickets. The status page says **degraded**.") });
        await room.ToolAsync(
            "@pm",
            "incident_update",
            new
            {
                incidentId = incident,
                command = "assess",
                broken = Say("Card payments", 3000),
                usersAffected = Say("About 4,000", 3000),
                since = Say("14:02 UTC", 3000),
                changed = Say("Deployment 7f9", 3000),
                checks = new[] { "monitoring", "deployments" },
            });
        await room.ToolAsync(
            "@dev",
            "incident_update",
            new { incidentId = incident, command = "mitigate", scenario = "bad-deployment", notes = Say("Rolling back", 3000) });
        var added = await room.ToolAsync(
            "@dev",
            "artifact_create",
            new
            {
                atpId = atp,
                artifactType = "TestReport",
                title = Say("Critical path tested", 250),
                content = Say("## Result\n\n- 200 of 200 payments passed"),
                outcome = Say("passed", 50),
            });
        await room.ToolAsync(
            "@sre",
            "message_send",
            new
            {
                atpId = atp,
                toAgent = "@operator",
                messageType = "HITLNotification",
                priority = "P0",
                subject = Say("Canary is ready", 250),
                body = Say("5 % of the traffic, watched for 10 minutes."),
            });
        await room.ToolAsync(
            "@sre",
            "message_send",
            new
            {
                atpId = atp,
                toAgent = "@operator",
                messageType = "Blocker",
                priority = "P1",
                subject = Say("Who talks to the bank?", 250),
                body = Say("Their side shows **timeouts** too."),
            });
        await AlertAsync(room, text);
        var halt = await room.ToolAsync(
            "@operator",
            "halt_raise",
            new { scope = "agent:@qa", reason = Say("The test cluster is needed for the incident", 900), incident });
        return new PagesUnderTest(incident, atp, approval, halt.GetProperty("id").GetString()!, added.GetProperty("artifactId").GetString()!);
    }

    private static string KnowledgeFile(string title, string body)
    {
        var quoted = System.Text.Json.JsonSerializer.Serialize(title);
        return
            $"---\ntitle: {quoted}\npriority: critical\ndate: 2026-10-02\ntags: [payments, {quoted}]\nrelated_files: "
            + $"[{quoted}]\nimpact: {quoted}\nduration: 42 minutes\n---\n## Summary\n\n{body}\n";
    }

    /// <summary>An alert, whose words nobody here has chosen.</summary>
    private static async Task AlertAsync(WarRoom room, string? text)
    {
        var alert = new
        {
            status = "firing",
            fingerprint = "f1",
            startsAt = DateTimeOffset.UtcNow.AddMinutes(-5),
            labels = new Dictionary<string, string>
            {
                ["alertname"] = Short(text) ?? "HighErrorRate",
                ["severity"] = "warning",
                ["service"] = Short(text) ?? "search",
            },
            annotations = new Dictionary<string, string> { ["summary"] = text ?? "Error rate above 5 %", ["description"] = text ?? "Since five minutes." },
        };
        using var body = System.Net.Http.Json.JsonContent.Create(
            new { version = "4", groupKey = "g", status = "firing", receiver = "r", alerts = new[] { alert } });
        using var answer = await room.Client.PostAsync("/webhooks/alertmanager", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static string? Short(string? text) => text is null ? null : text[..Math.Min(text.Length, 200)];
}
