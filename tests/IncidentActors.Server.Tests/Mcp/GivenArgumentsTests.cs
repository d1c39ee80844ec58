using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>What programs of models send for arguments: every field filled, JSON in texts, fields of their own.</summary>
public sealed class GivenArgumentsTests
{
    [Fact]
    public async Task Empty_and_null_arguments_are_absent()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var empty = new
        {
            dedupKey = "", category = "", relatedTo = "", startedAt = "", text = " ", description = (string?)null, labels = new { }, flow = "",
            severity = "SEV-3",
            task_progress = "- [ ] x", toolCallId = "call-1",
        };
        var first = await DeclareAsync("Login slow");
        var second = await DeclareAsync("Backups fail");
        Assert.NotEqual(first, second);
        (await server.PostAsync(
            "/api/tools/incident_update", "@pm",
            new
            {
                incidentId = first, command = "note", text = "seen", broken = "", checks = Array.Empty<string>(), expectedMinutes = 0, done = false,
                @override = "", severity = "",
            })).IsOk();
        (await server.PostAsync("/api/tools/incident_declare", "@pm", new { title = "", severity = "SEV-3" })).Refused(400, "argument.missing");

        async Task<string> DeclareAsync(string title)
        {
            var body = System.Text.Json.JsonSerializer.SerializeToNode(empty)!.AsObject();
            body["title"] = title;
            return (await server.PostAsync("/api/tools/incident_declare", "@pm", body.ToJsonString())).IsOk().Json.Text("id");
        }
    }

    [Fact]
    public async Task Values_are_read_where_only_one_reading_is_left()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var declared = await server.PostAsync(
            "/api/tools/incident_declare", "@pm", """{"title":"Slow","severity":"Sev-3 (warning)","labels":"{\"port\":8080,\"tls\":true}"}""");
        var incident = declared.IsOk().Json.Text("id");
        Assert.Equal("8080", declared.Json.GetProperty("labels").Text("port"));
        (await server.PostAsync("/api/tools/incident_declare", "@pm", """{"title":"Slower","severity":"4","labels":{"port":1,"zone":null}}""")).IsOk();
        var listed = await server.PostAsync("/api/tools/incident_declare", "@pm", """{"title":"A","severity":4,"labels":[{"name":"zone","value":1}]}""");
        Assert.Equal("1", listed.IsOk().Json.GetProperty("labels").Text("zone"));
        (await server.PostAsync("/api/tools/incident_declare", "@pm", """{"title":"A","severity":4,"labels":["zone"]}""")).Refused(400, "argument.malformed");
        (await server.PostAsync("/api/tools/inbox", "@pm", """{"wait":0.0,"limit":"5"}""")).IsOk();
        (await server.PostAsync(
            "/api/tools/incident_update", "@pm", $$"""{"incidentId":"{{incident}}","command":"assess","broken":"search","checks":"[]"}""")).IsOk();
        (await server.PostAsync(
            "/api/tools/incident_update", "@pm",
            $$"""{"incidentId":"{{incident}}","command":"mitigate","action":"rollback","scenario":"x","expectedMinutes":5.0,"done":"true"}""")).IsOk();
        (await server.PostAsync("/api/tools/incident_declare", "@pm", """{"title":"x","severity":"not critical"}""")).Refused(400, "argument.malformed");
        (await server.PostAsync("/api/tools/inbox", "@pm", """{"wait":1.5}""")).Refused(400, "argument.malformed");
    }

    [Theory]
    [InlineData("atpID")]
    [InlineData("atp_id")]
    [InlineData("atpIdd")]
    public async Task A_misspelt_argument_is_refused_by_name(string name)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var client = await McpClients.ConnectAsync("http", "2026-07-28", server.Address, "@pm");
        var result = await client.CallAsync("atp_get", new Dictionary<string, string> { [name] = "AT-1" });
        Assert.Contains($"There is no argument '{name}'; did you mean 'atpId'?", result.Text(), StringComparison.Ordinal);
    }
}
