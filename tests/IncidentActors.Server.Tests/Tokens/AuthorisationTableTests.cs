using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Tests.Fuzz;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tools;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Every tool × every role × every kind of token × team × every transport: let in, or the right refusal. The table is a golden file.</summary>
public sealed class AuthorisationTableTests
{
    private static readonly string[] Roles = ["operator", "owner", "pm", "dev", "sre", "qa", "security"];

    private static readonly string[] Columns = [.. Roles, "read-only", "team operator", "team dev", "none", "expired", "revoked", "foreign"];

    private static readonly string[] CredentialRules = [Rules.TokenMissing, Rules.TokenExpired, Rules.TokenRevoked, Rules.TokenUnknown];

    [Fact]
    public void Every_tool_declares_who_may_call_it() =>
        Assert.All(ToolCatalogue.All, tool => Assert.True(tool.Access is not null, $"{tool.Name} is for administrators only"));

    /// <summary>UPDATE_GOLDEN=1 renews the file. One verdict stands for all transports that offer the tool: where one differs, the test fails.</summary>
    [Slow]
    [Fact]
    public async Task Every_tool_for_every_role_in_every_state_of_the_token_by_every_transport()
    {
        var http = await TableAsync(new HttpCaller());
        var others = new (string Name, Dictionary<string, string?[]> Cells)[]
        {
            ("MCP", await TableAsync(new McpCaller())),
            ("pages", await TableAsync(new PageCaller())),
            ("grains", await TableAsync(new GrainCaller())),
        };
        var table = new StringBuilder();
        Row(table, ["tool", .. Columns, "offered by"]);
        foreach (var (tool, cells) in http)
        {
            var offering = others.Where(other => other.Cells[tool].All(cell => cell is not null)).ToList();
            foreach (var (name, theirs) in offering)
            {
                for (var i = 0; i < cells.Length; i++)
                    Assert.True(IsSame(cells[i]!, theirs[tool][i]!), $"{tool} {Columns[i]}: HTTP {cells[i]}, {name} {theirs[tool][i]}");
            }

            Assert.All(others.Except(offering), other => Assert.All(other.Cells[tool], Assert.Null));
            Row(table, [tool, .. cells.Select(cell => cell!), string.Join(' ', offering.Select(other => other.Name).Prepend("HTTP"))]);
        }

        Golden.Equal("Golden/authorisation.txt", table.ToString());
    }

    /// <summary>The pages send a visitor without a valid token to the sign-in page.</summary>
    private static bool IsSame(string http, string other) => http == other || (other == PageCaller.SignIn && CredentialRules.Contains(http));

    /// <summary>The verdicts of one transport by tool, in the order of <see cref="Columns"/>.</summary>
    private static async Task<Dictionary<string, string?[]>> TableAsync(ToolCaller caller)
    {
        await using var disposing = caller;
        await caller.StartAsync();
        var guarded = caller.Server;
        var callers = new List<(string Handle, string? Secret)>();
        foreach (var role in Roles) await AddAsync(new { handle = $"@t-{role}", roles = new[] { role } });
        await AddAsync(new { handle = "@t-looker", roles = new[] { "operator" }, readOnly = true });
        foreach (var role in new[] { "operator", "dev" }) await AddAsync(new { handle = $"@team-{role}", roles = new[] { role }, team = "platform" });
        callers.Add(("@nobody", null));
        await AddAsync(new { handle = "@t-old", roles = new[] { "operator" }, expiresAt = guarded.Time.GetUtcNow().AddHours(1) });
        var revoked = await AddAsync(new { handle = "@t-gone", roles = new[] { "operator" } });
        await using (var other = await GuardedServer.StartAsync()) callers.Add(("@operator", other.Root));
        foreach (var (_, secret) in callers) await caller.AddAsync(secret);
        (await guarded.PostAsync($"/api/tokens/{revoked}/revoke", guarded.Root, new { })).IsOk();
        guarded.Time.Advance(TimeSpan.FromHours(2));

        var incident = await MakeAsync(guarded, "incident_declare", new { title = "Search is slow", severity = "SEV-4" });
        var table = new Dictionary<string, string?[]>();
        foreach (var tool in ToolCatalogue.All)
        {
            var cells = table[tool.Name] = new string?[callers.Count];
            for (var i = 0; i < cells.Length; i++)
            {
                var (handle, secret) = callers[i];
                cells[i] = await caller.CallAsync(secret, handle, tool, await ArgumentsAsync(guarded, tool, Columns[i], incident));
                if (tool.Name == "atp_close" && cells[i] == ToolCaller.Yes) (await guarded.PostAsync("/api/tools/inbox", secret, new { })).IsOk();
            }
        }

        return table;

        async Task<string> AddAsync(object wanted)
        {
            var token = await guarded.TokenAsync(wanted);
            callers.Add((token.Text("handle"), token.Text("secret")));
            return token.Text("id");
        }
    }

    private static async Task<string> MakeAsync(GuardedServer guarded, string tool, object arguments) =>
        (await guarded.PostAsync($"/api/tools/{tool}", guarded.Root, arguments)).IsOk().Json.Text("id");

    /// <summary>What the tool needs. What changes things is about new ones each time; where the thing is not there, whoever is let in is told so.</summary>
    private static async Task<JsonObject> ArgumentsAsync(GuardedServer guarded, Tool tool, string column, string incident)
    {
        var arguments = HostileBodies.Good(System.Text.Json.JsonSerializer.SerializeToElement(tool.InputSchema));
        switch (tool.Name)
        {
            case "incident_declare":
                arguments["title"] = $"By {column}";
                arguments["severity"] = "SEV-4";
                break;
            case "incident_get":
                arguments["incidentId"] = incident;
                break;
            case "incident_next":
                arguments["id"] = incident;
                break;
            case "message_send":
                arguments["atpId"] = await MakeAsync(guarded, "atp_create", new { title = "Tidy" });
                arguments["messageType"] = "Decision";
                arguments["toAgent"] = "@pm";
                break;
            case "atp_get" or "atp_close" or "artifact_create" or "handoff":
                arguments["atpId"] = await MakeAsync(guarded, "atp_create", new { title = "Tidy" });
                if (tool.Name == "handoff") arguments["toAgent"] = "@pm";
                break;
            case "uow_get":
                arguments["uowId"] = await MakeAsync(guarded, "atp_create", new { title = "Tidy" });
                break;
            case "issue_log" or "decision" or "atp_verify" or "bug_create" or "escalate":
                arguments["atpId"] = await MakeAsync(guarded, "atp_create", new { title = "Tidy" });
                arguments["title"] = "x";
                arguments["content"] = "x";
                break;
            case "halt_status":
                arguments["haltId"] = await MakeAsync(guarded, "halt_raise", new { scope = "agent:@nobody", reason = "x" });
                break;
            case "permit_renew" or "permit_end":
                arguments["permitId"] = await MakeAsync(guarded, "permit_request", new { action = "x", target = "x" });
                if (tool.Name == "permit_end") arguments["outcome"] = "done";
                break;
            case "atp_change_status":
                arguments["atpId"] = await MakeAsync(guarded, "atp_create", new { title = "Tidy" });
                arguments["status"] = "InProgress";
                break;
            case "halt_lift" or "halt_ack":
                arguments["haltId"] = await MakeAsync(guarded, "halt_raise", new { scope = "agent:@nobody", reason = "x" });
                break;
            case "runbook_propose":
                arguments["incidentId"] = incident;
                arguments["runbook"] = "deployment-rollback";
                arguments["values"] = new JsonObject { ["client"] = "shop" };
                break;
            case "runbook_decide":
                arguments["incidentId"] = incident;
                arguments["runId"] = await ProposedAsync(guarded, incident);
                arguments["decision"] = "reject";
                break;
            case "incident_update":
                arguments["incidentId"] = incident;
                arguments["command"] = "note";
                arguments["text"] = "x";
                break;
            case "halt_raise":
                arguments["scope"] = "agent:@nobody";
                break;
            case "runbook_run":
                arguments["incidentId"] = incident;
                arguments["runId"] = await ProposedAsync(guarded, incident);
                break;
            case "approval_decide":
                var asked = (await guarded.PostAsync("/api/tools/atp_create", guarded.Root, new { title = "v2", flow = "release" })).IsOk().Json;
                arguments["approvalId"] = asked.List("approvals")[0].Text("id");
                arguments["decision"] = "approve";
                break;
            case "message_ack":
                arguments["messageId"] = $"msg-{await MakeAsync(guarded, "atp_create", new { title = "Tidy" })}-99";
                break;
        }

        return arguments;
    }

    private static async Task<string> ProposedAsync(GuardedServer guarded, string incident)
    {
        var wanted = new { incidentId = incident, runbook = "deployment-rollback", values = new { client = "shop" }, dryRun = false };
        return (await guarded.PostAsync("/api/tools/runbook_propose", guarded.Root, wanted)).IsOk().Json.List("runs")[^1].Text("id");
    }

    private static void Row(StringBuilder table, IReadOnlyList<string> cells)
    {
        for (var i = 0; i < cells.Count; i++) table.Append(CultureInfo.InvariantCulture, $"{cells[i].PadRight(i == 0 ? 18 : 26)}");
        table.Length -= table.Length - table.ToString().TrimEnd(' ').Length;
        table.Append('\n');
    }
}
