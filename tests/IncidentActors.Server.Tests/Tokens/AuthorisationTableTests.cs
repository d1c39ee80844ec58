using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Fuzz;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tools;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Every tool × every role × every kind of token × team: let in, or the right refusal. The table is a golden file.</summary>
public sealed class AuthorisationTableTests
{
    private static readonly string[] Roles = ["operator", "owner", "pm", "dev", "sre", "qa", "security"];

    [Fact]
    public void Every_tool_declares_who_may_call_it() =>
        Assert.All(ToolCatalogue.All, tool => Assert.True(tool.Access is not null, $"{tool.Name} is for administrators only"));

    /// <summary>UPDATE_GOLDEN=1 renews the file.</summary>
    [Fact]
    public async Task Every_tool_for_every_role_in_every_state_of_the_token()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var columns = new List<(string Name, string? Secret)>();
        foreach (var role in Roles) columns.Add((role, (await guarded.TokenAsync(new { handle = $"@t-{role}", roles = new[] { role } })).Text("secret")));
        columns.Add(("read-only", (await guarded.TokenAsync(new { handle = "@t-looker", roles = new[] { "operator" }, readOnly = true })).Text("secret")));
        foreach (var role in new[] { "operator", "dev" })
        {
            var wanted = new { handle = $"@team-{role}", roles = new[] { role }, team = "platform" };
            columns.Add(($"team {role}", (await guarded.TokenAsync(wanted)).Text("secret")));
        }

        columns.Add(("none", null));
        columns.Add(
            (
                "expired",
                (await guarded.TokenAsync(
                    new
                    {
                        handle = "@t-old",
                        roles = new[] { "operator" },
                        expiresAt = guarded.Time.GetUtcNow().AddHours(1),
                    })).Text("secret")));
        var revoked = await guarded.TokenAsync(new { handle = "@t-gone", roles = new[] { "operator" } });
        (await guarded.PostAsync($"/api/tokens/{revoked.Text("id")}/revoke", guarded.Root, new { })).IsOk();
        columns.Add(("revoked", revoked.Text("secret")));
        await using (var other = await GuardedServer.StartAsync()) columns.Add(("foreign", other.Root));
        guarded.Time.Advance(TimeSpan.FromHours(2));

        var incident = await MakeAsync(guarded, "incident_declare", new { title = "Search is slow", severity = "SEV-4" });
        var table = new StringBuilder();
        Row(table, ["tool", .. columns.Select(column => column.Name)]);
        foreach (var tool in ToolCatalogue.All)
        {
            var cells = new List<string> { tool.Name };
            foreach (var (name, secret) in columns)
            {
                var reply = await guarded.PostAsync($"/api/tools/{tool.Name}", secret, await ArgumentsAsync(guarded, tool, name, incident));
                Assert.True((int)reply.Status < 500, $"{tool.Name} {name}: {reply.Body}");
                cells.Add((int)reply.Status < 300 ? "yes" : reply.Json.Text("rule"));
            }

            Row(table, cells);
        }

        Golden.Equal("Golden/authorisation.txt", table.ToString());
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
                arguments["atpId"] = "AT-1";
                break;
            case "atp_get" or "atp_close":
                arguments["atpId"] = await MakeAsync(guarded, "atp_create", new { title = "Tidy" });
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
            case "approval_decide":
                arguments["decision"] = "approve";
                break;
            case "message_ack":
                arguments["messageId"] = "msg-AT-0-1";
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
