using System.Text.Json.Nodes;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Tests.Http;

/// <summary>Whatever is sent, the answer is a problem of the 4xx kind and nothing has changed.</summary>
public sealed class FuzzTests
{
    private const int PerEndpoint = 300;

    [Fact]
    public async Task Hostile_bodies_never_fail_the_server_and_change_nothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var incident = (await server.DeclareAsync()).Text("id");
        var halt = (await server.PostAsync("/api/halts", "@operator", new { scope = "agent:@nobody", reason = "x" })).Json.Text("id");
        var end = await server.EndAsync();
        var seed = 0;
        foreach (var (path, tool) in Endpoints(incident, halt))
        {
            var schema = ToolCatalogue.Find(tool)!.InputSchema.DeepClone().AsObject();
            var bodies = new HostileBodies(++seed, HostileBodies.Good(System.Text.Json.JsonSerializer.SerializeToElement(schema)), schema);
            for (var i = 0; i < PerEndpoint; i++)
            {
                var body = bodies.Next();
                var reply = await server.PostAsync(path, "@operator", body, key: i % 3 == 0 ? $"k{i}" : null);
                Assert.True(
                    (int)reply.Status is >= 400 and < 500 && reply.MediaType == "application/problem+json",
                    $"{path} seed {seed} body {i}: {(int)reply.Status} {reply.Body} for {System.Text.Encoding.UTF8.GetString(body)[..Math.Min(200, body.Length / 2)]}");
            }
        }

        Assert.Equal(end, await server.EndAsync());
        (await server.GetAsync("/readyz")).IsOk();
    }

    [Fact]
    public async Task Hostile_webhooks_never_fail_the_server_and_change_nothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var end = await server.EndAsync();
        var schema = JsonNode.Parse("""{"properties":{"version":{"type":"string"},"groupKey":{"type":"string"},"alerts":{"type":"array"}}}""")!.AsObject();
        var good = JsonNode.Parse("""{"version":"4","groupKey":"g","alerts":[{"status":"firing","labels":{"severity":"P1"},"startsAt":"never"}]}""")!.AsObject();
        var bodies = new HostileBodies(4711, good, schema);
        for (var i = 0; i < PerEndpoint * 3; i++)
        {
            var body = bodies.Next();
            var reply = await server.PostAsync("/webhooks/alertmanager", null, body);
            Assert.True((int)reply.Status is >= 400 and < 500, $"body {i}: {(int)reply.Status} {reply.Body}");
        }

        Assert.Equal(end, await server.EndAsync());
    }

    [Fact]
    public async Task Hostile_paths_queries_and_headers_never_fail_the_server()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var random = new Random(7);
        string[] paths = ["/api/incidents/{0}", "/api/incidents/{0}/timeline", "/api/incidents/{0}/report", "/api/incidents?cursor={0}", "/api/incidents?severity={0}", "/api/atps/{0}", "/api/atps?status={0}", "/api/atps/{0}/artifacts/{0}", "/api/agents/{0}", "/api/agents/{0}/inbox?limit={0}", "/api/halts/{0}", "/api/approvals/{0}", "/api/approvals?state={0}", "/api/knowledge?q={0}", "/api/flows/{0}", "/api/tools/{0}"];
        foreach (var path in paths)
        {
            for (var i = 0; i < 30; i++)
            {
                var text = Uri.EscapeDataString(new string([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next(32, i % 2 == 0 ? 127 : 2000))]));
                var reply = await server.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, text), i % 5 == 0 ? text : null);
                Assert.True((int)reply.Status < 500, $"{path} {text}: {(int)reply.Status} {reply.Body}");
            }
        }
    }

    private static IEnumerable<(string Path, string Tool)> Endpoints(string incident, string halt)
    {
        foreach (var tool in ToolCatalogue.All) yield return ($"/api/tools/{tool.Name}", tool.Name);
        yield return ("/api/incidents", "incident_declare");
        foreach (var command in Incidents.IncidentCommands.All) yield return ($"/api/incidents/{incident}/{command.Name}", "incident_update");
        yield return ("/api/halts", "halt_raise");
        yield return ($"/api/halts/{halt}/ack", "halt_ack");
        yield return ($"/api/halts/{halt}/lift", "halt_lift");
        yield return ("/api/approvals/APR-1/decision", "approval_decide");
    }
}
