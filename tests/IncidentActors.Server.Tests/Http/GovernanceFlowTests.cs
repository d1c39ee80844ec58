using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentActors.Server.Tests.Http;

/// <summary>The four ordinary flows of the <c>governance</c> documents, call by call in their users' words. Emergency and hotfix are the seeds'.</summary>
public sealed class GovernanceFlowTests
{
    private const string Report = """
        {"atpId":"$","artifactType":"PMVerificationReport","title":"Report",
        "content":"### Verified\nAll criteria are met.","persist":"both"}
        """;
    private const string Notice = """
        {"atpId":"$","fromAgent":"@pm","toAgent":"@operator","messageType":"HITLNotification",
        "subject":"ATP Closed: $","body":"Done"}
        """;
    private const string Closed = """{"atpId":"$","status":"Closed","agent":"@pm","stage":"Closure"}""";

    private static readonly Dictionary<string, (string Agent, string Tool, string Body)[]> Flows = new()
    {
        ["standard"] =
        [
            ("@pm", "atp_create", """
                {"atpId":"$","title":"Login form","dependencies":[],"phase":"1","estimatedHours":4,"risk":"low",
                "acceptanceCriteria":["It logs in"],"sourceRef":"plan"}
                """),
            ("@pm", "message_send", """
                {"atpId":"$","fromAgent":"@pm","toAgent":"@dev","messageType":"Directive","priority":"P2-High","subject":"Build it","body":"ScopeAlert: none"}
                """),
            ("@dev", "message_send", """
                {"atpId":"$","toAgent":"@pm","messageType":"Acknowledgment","priority":"P3-Informational","subject":"ACK",
                "body":"Starting"}
                """),
            ("@dev", "atp_set", """{"atpId":"$","status":"InProgress","agent":"@dev","stage":"Implementation","testStrategy":"unit"}"""),
            ("@dev", "atp_set", """{"atpId":"$","status":"Complete","agent":"@dev","stage":"Implementation","evidence":["build passes"],"handoffTo":"@qa"}"""),
            ("@dev", "message_send", """{"atpId":"$","toAgent":"@qa","messageType":"QARequest","subject":"Please test","body":"The form"}"""),
            ("@qa", "atp_change_status", """{"atpId":"$","status":"In Review","agent":"@qa","stage":"QA"}"""),
            ("@qa", "message_send", """
                {"atpId":"$","toAgent":"@pm","messageType":"QAApproval","priority":"P3-Normal","subject":"Passed",
                "body":"All green"}
                """),
            ("@qa", "atp_change_status", """{"atpId":"$","status":"Verified","agent":"@qa","stage":"QA"}"""),
            ("@pm", "artifact_create", Report), ("@pm", "atp_close", """
                {"atpId":"$","summary":"Done","acceptanceCriteriaMet":true,"lessonsLearned":["none"],
                "metrics":{"hours":4}}
                """),
            ("@pm", "message_send", Notice),
        ],
        ["bugfix"] =
        [
            ("@pm", "atp_create", """{"atpId":"$","title":"Login fails","type":"bugfix","priority":"P1-Critical","sourceRef":"BUG-7"}"""),
            ("@pm", "message_send", """
                {"atpId":"$","toAgent":"@dev","messageType":"Directive","priority":"P1-High","subject":"Fix it",
                "body":"Today","deadline":"2026-12-01"}
                """),
            ("@dev", "atp_change_status", """{"atpId":"$","status":"in_progress","stage":"Analysis"}"""),
            ("@dev", "artifact_create", """{"atpId":"$","artifactType":"ReproductionTest","title":"Test","content":"It fails","outcome":"failed"}"""),
            ("@dev", "artifact_create", """{"atpId":"$","artifactType":"TestReport","title":"Test","content":"It passes","outcome":"passed"}"""),
            ("@dev", "handoff", """
                {"atpId":"$","fromAgent":"@dev","toAgent":"@qa","handoffType":"QA","summary":"Fixed","nextSteps":["verify"],"evidence":{"tests":"12 pass"}}
                """),
            ("@qa", "atp_change_status", """{"atpId":"$","status":"Verified","stage":"QA"}"""),
            ("@pm", "atp_change_status", Closed), ("@pm", "artifact_create", Report), ("@pm", "message_send", Notice),
        ],
        ["documentation"] =
        [
            ("@pm", "atp_create", """{"atpId":"$","title":"Write the guide","type":"documentation","phase":2}"""),
            ("@pm", "message_send", """{"atpId":"$","toAgent":"@dev","messageType":"Directive","priority":"P4-Low","subject":"Write","body":"The guide"}"""),
            ("@dev", "message_send", """
                {"atpId":"$","toAgent":"@pm","messageType":"Handoff","subject":"Handoff: $",
                "body":"### Completed Work\n#### Files\n- guide.md\n### Pending Work\n- review\n### Evidence\n**Links:**\n- all work"}
                """),
            ("@pm", "message_send", """{"atpId":"$","toAgent":"@architect","messageType":"ReviewRequest","subject":"Review","body":"The guide"}"""),
            ("@architect", "message_send", """{"atpId":"$","toAgent":"@pm","messageType":"ReviewComplete","subject":"Fine","body":"No findings"}"""),
            ("@pm", "message_send", Notice), ("@pm", "atp_change_status", Closed), ("@pm", "artifact_create", Report),
        ],
        ["enhancement"] =
        [
            ("@pm", "atp_set", """{"atpId":"$","title":"Faster search","status":"Queued","agent":"@pm","stage":"Planning","uowId":12,"pattern":"improve"}"""),
            ("@pm", "message_send", """
                {"atpId":"$","toAgent":"@dev","messageType":"Directive","priority":"Medium","subject":"Do it",
                "body":"Half the time"}
                """),
            ("@dev", "atp_change_status", """
                {"atpId":"$","status":"Blocked","stage":"Build","blockerType":"access","blockerDescription":"no key",
                "estimatedUnblock":"tomorrow"}
                """),
            ("@dev", "atp_change_status", """{"atpId":"$","status":"InProgress","stage":"Build"}"""),
            ("@dev", "message_send", """{"atpId":"$","toAgent":"@dev-supervisor","messageType":"ReviewRequest","subject":"Review","body":"The change"}"""),
            ("@dev-supervisor", "message_send", """{"atpId":"$","toAgent":"@dev","messageType":"CorrectionDirective","subject":"Correct","body":"Name it"}"""),
            ("@dev", "atp_set", """{"atpId":"$","status":"Complete","stage":"Build","evidence":["bench"]}"""),
            ("@dev", "message_send", """{"atpId":"$","toAgent":"@pm","messageType":"CompletionNotification","subject":"Complete","body":"Done"}"""),
            ("@pm", "artifact_create", Report), ("@pm", "atp_change_status", Closed), ("@pm", "message_send", Notice),
        ],
    };

    public static TheoryData<string> Names => [.. Flows.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task Every_call_is_accepted(string flow)
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var (agent, tool, body) in Flows[flow])
        {
            var reply = await server.PostAsync($"/api/tools/governance.{tool}", agent, JsonSerializer.Deserialize<JsonElement>(body.Replace("$", "918")));
            Assert.True(reply.Status == System.Net.HttpStatusCode.OK, $"{tool} by {agent}: {reply.Body}");
        }

        var atp = (await server.GetAsync("/api/atps/918")).IsOk().Json;
        Assert.Equal(("Closed", 1), (atp.Text("status"), atp.List("artifacts").Count(artifact => artifact.Text("type") == "PMVerificationReport")));
    }

    /// <summary>
    /// The calls that the documents of the four ordinary flows print, in their order, with short texts; those of emergency and hotfix are in
    /// <see cref="SeedTests"/>: 55 together. One is refused, for the document's own reason: its table has no row from Queued to Complete.
    /// </summary>
    [Theory, InlineData("standard", 15), InlineData("bugfix", 10), InlineData("documentation", 5), InlineData("enhancement", 8)]
    public async Task The_documents_own_calls_are_taken(string flow, int count)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var file = Path.Combine(AppContext.BaseDirectory, "Http", "Seeds", "documents.json");
        var calls = JsonSerializer.Deserialize<DocumentCall[]>(await File.ReadAllTextAsync(file), JsonSerializerOptions.Web)!;
        var atp = "AT-01-02";
        if (flow != "bugfix") (await server.PostAsync("/api/tools/governance.atp_create", "@pm", new { atpId = atp, title = "Work", type = flow })).IsOk();
        foreach (var call in calls.Where(call => call.Flow == flow))
        {
            count--;
            var reply = await server.PostAsync(
                $"/api/tools/governance.{call.Tool}", call.By, call.Arguments.ToJsonString().Replace("{atp}", atp, StringComparison.Ordinal));
            if (call.Refused is { } rule) reply.Refused(409, rule);
            else if (call.Tool == "atp_create") atp = reply.IsOk().Json.Text("id");
            else reply.IsOk();
        }

        Assert.Equal(0, count);
        Assert.Equal("Closed", (await server.GetAsync($"/api/atps/{atp}")).IsOk().Json.Text("status"));
    }

    private sealed record DocumentCall(string Flow, string By, string Tool, JsonObject Arguments, string? Refused);
}
