using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Http;

/// <summary>The calls printed in seeds 000 and 001, word for word and in their order, give the seeds' state tables.</summary>
public sealed class SeedTests
{
    [Fact]
    public async Task Seed_000_by_http_gives_its_state_table()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        Assert.Equal("orleans", (await server.GetAsync("/healthz")).IsOk().Json.Text("engine"));
        var calls = Calls("seed-000.json");
        await CallAsync(server, calls[..6]);

        // Row 4 is "External" in the seed: pm approves, sre deploys.
        var approval = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items());
        (await server.PostAsync("/api/tools/atp_change_status", "@sre", new { atpId = "AT-EMRG-01", status = "Deployed" })).Refused(409, "atp.approval.needed");
        (await server.PostAsync($"/api/approvals/{approval.Text("id")}/decision", "@pm", new { decision = "approve" })).IsOk();
        (await server.PostAsync("/api/tools/atp_change_status", "@sre", new { atpId = "AT-EMRG-01", status = "Deployed" })).IsOk();
        await CallAsync(server, calls[6..]);

        time.Advance(TimeSpan.FromSeconds(31));
        var atp = await SettledAsync(server, "AT-EMRG-01");
        Assert.Equal(
            [
                "1 (alert) InProgress @pm atp_set",
                "2 InProgress InProgress @dev message_ack",
                "3 InProgress Complete @dev handoff",
                "4 Complete Deployed @sre atp_change_status",
                "5 Deployed Closed @pm atp_change_status",
                "6 (post) Queued @pm atp_create",
            ],
            atp.List("history").Select(Row));
        Assert.Equal("emergency", atp.Text("flow"));
        Assert.Equal("P0-Critical", atp.Text("priority"));
        var notifications = await NotificationsAsync(server);
        Assert.Equal(6, notifications.Length);
        Assert.All(
            atp.List("history"),
            entry => Assert.Single(entry.List("messages"), id => notifications.Any(message => message.Text("id") == id.GetString())));

        var postmortem = (await server.GetAsync("/api/atps/AT-POST-01")).IsOk().Json;
        Assert.Equal(("postmortem", "Queued"), (postmortem.Text("type"), postmortem.Text("status")));
        Assert.Equal(atp.GetProperty("closedAt").GetDateTimeOffset().AddHours(24), postmortem.GetProperty("dueAt").GetDateTimeOffset());
        Assert.Equal(
            ["timeline", "root cause", "impact", "resolution", "prevention", "action items"],
            postmortem.List("sections").Select(section => section.GetString()));
        var incident = (await server.GetAsync($"/api/incidents/{atp.Text("incidentId")}")).IsOk().Json;
        Assert.Equal(("resolved", "SEV-1"), (incident.Text("status"), incident.Text("severity")));
        Assert.Single(incident.List("halts"));
        Assert.Equal(
            "... emergency resolution summary ...",
            await File.ReadAllTextAsync(Path.Combine(server.Data, "artifacts", "AT-EMRG-01", "art-AT-EMRG-01-1.md")));
    }

    [Fact]
    public async Task Seed_001_by_http_gives_its_state_table()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        var calls = Calls("seed-001.json");
        var last = await CallAsync(server, calls);

        time.Advance(TimeSpan.FromSeconds(31));
        var atp = await SettledAsync(server, "AT-XX-YY");
        Assert.Equal(
            [
                "1 (new) InProgress @pm atp_set",
                "2 InProgress InProgress @dev message_ack",
                "3 InProgress Complete @dev handoff",
                "4 Complete Closed @pm atp_change_status",
                "5 (post) Queued @pm atp_create",
            ],
            atp.List("history").Select(Row));
        Assert.Equal("hotfix", atp.Text("flow"));
        var review = Assert.Single(atp.List("followUps"));
        Assert.Equal("review", review.Text("type"));
        Assert.Equal(review.Text("atpId"), last.Text("id"));
        Assert.NotEmpty(last.List("debt"));
        Assert.Equal("SEV-2", (await server.GetAsync($"/api/incidents/{atp.Text("incidentId")}")).IsOk().Json.Text("severity"));
        Assert.Single((await server.GetAsync("/api/atps")).Items(), one => one.Text("type") == "review");
    }

    /// <summary>The row's number, states, taker and tool; the follow-up's taker is whoever closed.</summary>
    private static string Row(JsonElement entry) =>
        $"{entry.GetProperty("row").GetInt32()} {entry.Text("from")} {entry.Text("to")} {entry.Text("by")} {entry.Text("tool")}";

    private static async Task<JsonElement> CallAsync(ServerUnderTest server, IEnumerable<SeedCall> calls)
    {
        var answer = default(JsonElement);
        var sent = "";
        foreach (var call in calls)
        {
            if (call.Arguments.ContainsKey("messageId")) call.Arguments["messageId"] = sent;
            answer = (await server.PostAsync($"/api/tools/{call.Tool}", call.By, call.Arguments.ToJsonString())).IsOk().Json;
            if (call.Tool == "message_send") sent = answer.Text("messageId");
        }

        return answer;
    }

    /// <summary>The ATP once nothing is owed any more.</summary>
    private static async Task<JsonElement> SettledAsync(ServerUnderTest server, string id)
    {
        var atp = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                atp = (await server.GetAsync($"/api/atps/{id}")).IsOk().Json;
                return atp.List("owed").Length == 0;
            },
            "sending what is owed");
        return atp;
    }

    private static async Task<JsonElement[]> NotificationsAsync(ServerUnderTest server) =>
        [.. (await server.GetAsync("/api/agents/@operator/inbox")).IsOk().Json.List("messages").Where(message => message.Text("type") == "HITLNotification")];

    private static SeedCall[] Calls(string file) =>
        JsonSerializer.Deserialize<SeedCall[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Http", "Seeds", file)), JsonSerializerOptions.Web)!;

    private sealed record SeedCall(string By, string Tool, JsonObject Arguments);
}
