using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IncidentActors.Server.Tests.Fuzz;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tools;
using ModelContextProtocol.Client;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>HTTP, MCP and the pages' forms ask one policy: what a token may not do by one of them it may not do by another.</summary>
public sealed partial class TransportTests
{
    private const string LetIn = "let in";

    [Fact]
    public async Task No_transport_lets_in_what_another_refuses()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var theirs = await TheirsAsync(guarded);
        var refused = 0;
        foreach (var (name, wanted) in new (string, object)[]
        {
            ("operator", new { handle = "@op", roles = new[] { "operator" } }),
            ("dev", new { handle = "@alice", roles = new[] { "dev" } }),
            ("read-only", new { handle = "@looker", roles = new[] { "operator" }, readOnly = true }),
            ("team", new { handle = "@kim", roles = new[] { "operator" }, team = "platform" }),
        })
        {
            var secret = (await guarded.TokenAsync(wanted)).Text("secret");
            await using var mcp = await McpCaller.ConnectAsync(guarded.Server.Address, secret);
            using var page = await PageVisitor.SignInAsync(guarded, secret);
            foreach (var tool in ToolCatalogue.All)
            {
                var arguments = Arguments(tool, theirs);
                var http = Verdict(await guarded.PostAsync($"/api/tools/{tool.Name}", secret, arguments));
                Assert.True(http == await ByMcpAsync(mcp, tool, arguments), $"{tool.Name} {name}: HTTP {http}, MCP differs");
                Assert.True(http == OfToken(await page.SendAsync(tool, arguments)), $"{tool.Name} {name}: HTTP {http}, pages differ");
                if (http != LetIn) refused++;
            }
        }

        Assert.True(refused > 20, $"only {refused} refusals were compared");
    }

    private static string Verdict(Reply reply) => reply.Status == HttpStatusCode.Forbidden ? OfToken(reply.Json.Text("rule")) : LetIn;

    private static string OfToken(string rule) => rule.StartsWith("token.", StringComparison.Ordinal) ? rule : LetIn;

    private static async Task<string> ByMcpAsync(McpClient mcp, Tool tool, JsonObject arguments)
    {
        var given = arguments.ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        var result = await mcp.CallToolAsync(tool.Name, given);
        var rule = TokenRule().Match(JsonSerializer.Serialize(result, ModelContextProtocol.McpJsonUtilities.DefaultOptions)).Value;
        return rule.Length > 0 ? rule : LetIn;
    }

    /// <summary>An ATP, an incident, an approval and a halt that are not of the team platform.</summary>
    private static async Task<Dictionary<string, string>> TheirsAsync(GuardedServer guarded)
    {
        async Task<string> MakeAsync(string tool, object arguments) =>
            (await guarded.PostAsync($"/api/tools/{tool}", guarded.Root, arguments)).IsOk().Json.Text("id");
        const string Atp = "AT-EMRG-01";
        var pm = (await guarded.TokenAsync(new { handle = "@pm" })).Text("secret");
        (await guarded.PostAsync("/api/tools/atp_set", pm, new { atpId = Atp, status = "InProgress", notes = "SEV-1: down" })).IsOk();
        var dev = (await guarded.TokenAsync(new { handle = "@dev" })).Text("secret");
        (await guarded.PostAsync(
            "/api/tools/handoff", dev, new { atpId = Atp, toAgent = "@pm", completedWork = "Fix", pendingWork = "Deploy", evidence = "Tests" })).IsOk();
        return new Dictionary<string, string>
        {
            ["atpId"] = Atp,
            ["messageId"] = $"msg-{Atp}-1",
            ["approvalId"] = (await guarded.GetAsync("/api/approvals?state=open", guarded.Root)).Items()[0].Text("id"),
            ["incidentId"] = await MakeAsync("incident_declare", new { title = "Payments slow", severity = "SEV-3" }),
            ["haltId"] = await MakeAsync("halt_raise", new { scope = "agent:@nobody", reason = "x" }),
            ["parentAtpId"] = Atp,
            ["scope"] = "agent:@nobody",
            ["command"] = "note",
            ["text"] = "x",
            ["decision"] = "approve",
        };
    }

    /// <summary>Good arguments about what belongs to others; commands that would end it are spoilt behind the check.</summary>
    private static JsonObject Arguments(Tool tool, Dictionary<string, string> theirs)
    {
        var arguments = HostileBodies.Good(JsonSerializer.SerializeToElement(tool.InputSchema));
        var known = JsonSerializer.SerializeToNode(tool.InputSchema)!["properties"] as JsonObject ?? [];
        foreach (var (name, value) in theirs)
        {
            var optional = name is "parentAtpId" && tool.Name == "atp_create";
            if (known.ContainsKey(name) && (arguments.ContainsKey(name) || optional)) arguments[name] = value;
        }

        if (tool.Name == "incident_update") arguments["text"] = "x";
        if (tool.Name == "approval_decide") arguments["decision"] = "perhaps";
        return arguments;
    }

    [GeneratedRegex(@"token\.(team|role|read-only)")]
    private static partial Regex TokenRule();
}
