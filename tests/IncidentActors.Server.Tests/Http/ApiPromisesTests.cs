using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace IncidentActors.Server.Tests.Http;

/// <summary>
/// What clients and scripts rely on, whatever else the views hold: fields,
/// forms of times, durations and refusals, and where each thing is found.
/// </summary>
public sealed partial class ApiPromisesTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Views_have_the_promised_fields()
    {
        var incident = await server.DeclareAsync("SEV-1", "Production down", "@dev");
        Has(
            incident,
            "id version status severity category title commander responders atps halts startedAt detectedAt declaredAt acknowledgedAt "
            + "mitigatedAt resolvedAt closedAt similar");
        Has(
            await ViewAsync($"/api/atps/{incident.List("atps")[0].GetString()}"),
            "id version status flow flowVersion type owner priority incidentId dueAt gates artifacts history");
        Has(await ViewAsync("/api/agents/@dev"), "id version status");
        var halt = await ViewAsync($"/api/halts/{incident.List("halts")[0].GetString()}");
        Has(halt, "id version status scope reason condition incidentId raisedBy raisedAt fencedAt liftedAt nodes agents");
        foreach (var node in halt.List("nodes").Concat(halt.List("agents"))) Has(node, "confirmed at");
        var approval = Assert.Single(await ApprovalAsync(incident));
        Has(approval, "id version status question options evidence");
        Assert.Equal(approval.GetRawText(), (await ViewAsync($"/api/approvals/{approval.Text("id")}")).GetRawText());
    }

    [Fact]
    public async Task Names_are_camelCase_times_RFC_3339_in_UTC_durations_ISO_8601()
    {
        var incident = await server.DeclareAsync("SEV-1", "Production down", "@dev");
        await ApprovalAsync(incident);
        var paths = new[]
        {
            "/api/incidents", "/api/atps", "/api/halts", "/api/approvals", "/api/flows", "/api/flows/emergency-hotfix", "/api/runbooks",
            "/api/metrics", "/api/agents/@dev",
            "/api/agents/@dev/inbox", "/api/knowledge", "/api/tools", $"/api/incidents/{incident.Text("id")}/timeline",
        };
        foreach (var path in paths) Check(path, "", (await server.GetAsync(path)).IsOk().Json);
    }

    [Theory]
    [InlineData(400, "POST", "/api/incidents", "{", "argument.malformed")]
    [InlineData(400, "POST", "/api/tools/inbox", """{"colour":"red"}""", "argument.unknown")]
    [InlineData(404, "GET", "/api/incidents/INC-0", null, "incident.unknown")]
    [InlineData(404, "POST", "/api/tools/atp_destroy", "{}", "tool.unknown")]
    [InlineData(404, "GET", "/api/nothing", null, "request.path")]
    [InlineData(409, "POST", "/api/tools/atp_change_status", """{"atpId":"AT-1","status":"Deployed"}""", "atp.transition.unknown")]
    [InlineData(
        403,
        "POST",
        "/api/tools/message_send",
        """{"atpId":"AT-1","fromAgent":"@qa","toAgent":"@pm","messageType":"Blocker","subject":"s","body":"b"}""",
        "caller.mismatch")]
    [InlineData(
        422,
        "POST",
        "/api/tools/handoff",
        """{"atpId":"AT-1","fromAgent":"@dev","toAgent":"@pm","completedWork":"x","pendingWork":"","evidence":"y"}""",
        "handoff.sections.missing")]
    [InlineData(413, "POST", "/api/incidents", "too large", "request.too-large")]
    public async Task What_cannot_be_done_is_a_problem_with_its_status(int status, string method, string path, string? body, string rule)
    {
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "AT-1", notes = "a thing" })).IsOk();
        if (body == "too large") body = $$"""{"title":"{{new string('x', 20_000_000)}}","severity":"P3"}""";
        var reply = method == "GET" ? await server.GetAsync(path) : await server.PostAsync(path, "@dev", body!);
        var problem = reply.Refused(status, rule);
        Assert.NotEmpty(problem.Text("title"));
        Assert.EndsWith(".", problem.Text("detail"), StringComparison.Ordinal);
        if (status == 409) Assert.Equal("AT-1", problem.GetProperty("current").Text("id"));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("team:web")]
    [InlineData("agent:@dev")]
    [InlineData("atp:AT-1")]
    public async Task Every_form_of_scope_can_be_halted_and_is_found_where_it_was_made(string scope)
    {
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "AT-1", notes = "a thing" })).IsOk();
        var raised = (await server.PostAsync("/api/halts", "@operator", new { scope, reason = "stop" })).Is(HttpStatusCode.Created);
        Assert.Equal(scope, (await ViewAsync(raised.Location!)).Text("scope"));
        Assert.Contains((await server.GetAsync("/api/halts")).Items(), halt => halt.Text("id") == raised.Json.Text("id"));
        if (scope != "team:web")
        {
            var refused = (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = "AT-1", notes = "more" })).Refused(423, "halt.covers");
            Assert.Equal(raised.Json.Text("id"), refused.GetProperty("halt").Text("id"));
        }
    }

    [Fact]
    public async Task An_inbox_gives_P0_first_then_by_priority_and_age()
    {
        (await server.PostAsync("/api/tools/atp_set", "@pm", new { atpId = "AT-1", notes = "a thing" })).IsOk();
        foreach (var priority in (string[])["P2", "P3", "P0", "P1", "P2", "P0"])
        {
            (await server.PostAsync(
                "/api/tools/message_send",
                "@pm",
                new
                {
                    atpId = "AT-1", toAgent = "@dev", messageType = "Directive", priority, subject = priority, body = "b",
                    requiresAck = true,
                })).IsOk();
        }

        var inbox = (await ViewAsync("/api/agents/@dev/inbox")).List("messages");
        Assert.Equal(["P0", "P0", "P1", "P2", "P2", "P3"], inbox.Select(message => message.Text("subject")));
        foreach (var same in inbox.GroupBy(message => message.Text("subject")))
            Assert.Equal(same.Select(message => Number(message.Text("id"))).Order(), same.Select(message => Number(message.Text("id"))));

        static int Number(string id) => int.Parse(id[(id.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("SEV-1: outage of the shop", "emergency")]
    [InlineData("🚨 EMERGENCY: shop", "emergency")]
    [InlineData("HOTFIX: checkout", "hotfix")]
    [InlineData("SEV1 outage of the shop", "standard")]
    [InlineData("critical bug in checkout", "standard")]
    [InlineData("urgent fix of the shop", "standard")]
    [InlineData("Update the emergency contact list", "standard")]
    public async Task A_marker_at_the_beginning_chooses_the_flow_and_declares_and_a_keyword_within_does_not(string notes, string flow)
    {
        var atp = (await server.PostAsync("/api/tools/atp_set", "@pm", new { atpId = "AT-1", status = "InProgress", notes })).IsOk().Json;
        Assert.Equal((flow, flow != "standard"), (atp.Text("flow"), atp.GetProperty("incidentId").ValueKind == JsonValueKind.String));
    }

    [Fact]
    public async Task Where_no_token_is_configured_the_header_names_the_caller_and_loopback_only_is_listened_on()
    {
        Assert.True(server.Address.IsLoopback);
        (await server.PostAsync("/api/incidents", null, new { title = "x", severity = "P3" })).Refused(400, "caller.missing");
        Assert.Equal("alive", (await server.GetAsync("/healthz")).IsOk().Json.Text("status"));
        await server.ReadyAsync();
    }

    private async Task<JsonElement[]> ApprovalAsync(JsonElement incident)
    {
        var atp = incident.List("atps")[0].GetString();
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new
            {
                atpId = atp, fromAgent = "@dev", toAgent = "@pm", completedWork = "fixed", pendingWork = "deploy", evidence = "tests pass",
            })).IsOk();
        return (await server.GetAsync("/api/approvals?state=open")).Items();
    }

    private async Task<JsonElement> ViewAsync(string path) => (await server.GetAsync(path)).IsOk().Json;

    private static void Has(JsonElement view, string names) =>
        Assert.All(names.Split(' '), name => Assert.True(view.TryGetProperty(name, out _), $"{name} is missing in {view}"));

    private static void Check(string path, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    if (name is not ("properties" or "labels" or "$defs" or "values")) Assert.Matches(CamelCase(), property.Name);
                    Check(path, property.Name, property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Check(path, name, item);
                break;
            case JsonValueKind.String when name.EndsWith("At", StringComparison.Ordinal) || name is "at" or "due":
                Assert.True(Rfc3339().IsMatch(value.GetString()!) && value.GetDateTimeOffset().Offset == TimeSpan.Zero, $"{path} {name}: {value}");
                break;
            case JsonValueKind.String when name == "within":
                Assert.True(XmlConvert.ToTimeSpan(value.GetString()!) > TimeSpan.Zero, $"{path} {name}: {value}");
                break;
        }
    }

    [GeneratedRegex(@"^[a-z$][a-zA-Z0-9]*$")]
    private static partial Regex CamelCase();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")]
    private static partial Regex Rfc3339();
}
