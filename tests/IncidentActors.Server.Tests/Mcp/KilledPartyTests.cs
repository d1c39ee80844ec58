using System.Text.Json;
using IncidentActors.Server.Tests.Chaos;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using ModelContextProtocol.Client;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>
/// A short session of the official client in which one party is killed between every two messages: after each request, and after each answer. No call is
/// done twice, none is reported done that is not, and the inbox is never said to be empty while a message waits. Here each party is killed at three of the
/// twelve places, another three for each party; <c>KILLED_PARTY_PLACES=12</c> is all of them.
/// </summary>
public sealed class KilledPartyTests
{
    private const string Inbox = "incidentactors://agents/@dev/inbox";
    private static readonly string[] Steps = ["initialize", "tools/list", "tools/call", "inbox", "subscribe", "message_ack"];
    private static readonly string[] Parties = ["client", "bridge", "server", "postgres"];
    private static readonly int Places = Number.Of("KILLED_PARTY_PLACES", 3);

    [PostgresTheory]
    [InlineData("stdio", "client")]
    [InlineData("stdio", "bridge")]
    [InlineData("stdio", "server")]
    [InlineData("stdio", "postgres")]
    [InlineData("http", "client")]
    [InlineData("http", "server")]
    [InlineData("http", "postgres")]
    public async Task A_kill_between_two_messages_loses_and_doubles_nothing(string transport, string party)
    {
        var data = Directory.CreateTempSubdirectory("incident-killed-").FullName;
        var own = party == "postgres"
            ? new[] { "--journal", await PostgresServer.ToBeBrokenBy(nameof(KilledPartyTests)).CreateDatabaseAsync(), "--silo-port", $"{Ports.Free()}" }
            : ["--data", data];
        await using (var server = new ServerProcess(own))
        {
            await server.StartAsync();
            var places = Steps.SelectMany(step => new[] { (Step: step, Answered: false), (Step: step, Answered: true) }).ToList();
            var apart = places.Count / Places;
            for (var place = Array.IndexOf(Parties, party) % apart; place < places.Count; place += apart)
                await WalkAsync(server, transport, party, places[place].Step, places[place].Answered);
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task WalkAsync(ServerProcess server, string transport, string party, string step, bool answered)
    {
        var title = $"{transport} {party} {step} {(answered ? "answered" : "sent")}";
        await using var agent = new KilledAgent(server, transport, party, step, answered);
        var first = await SendAsync(server, $"{title} 1");
        await agent.DoAsync("initialize", _ => Task.FromResult(true));
        Assert.Contains("inbox", await agent.DoAsync("tools/list", async mcp => (await mcp.ListToolsAsync()).Select(tool => tool.Name)));
        var id = await agent.CallAsync(
            "tools/call", "incident_declare", new { title, severity = "SEV-3", idempotencyKey = $"{Guid.NewGuid():n}" }, answer => answer.Text("id"));
        Assert.Equal(title, (await GetAsync(server, $"/api/incidents/{id}")).Text("title"));

        await FetchAsync(agent, first);
        await SubscribeAsync("subscribe");
        if (!agent.Lives) await SubscribeAsync("subscribe again");
        agent.Forget();
        var second = await SendAsync(server, $"{title} 2");
        await agent.ToldAsync();
        await FetchAsync(agent, second);
        foreach (var message in new[] { first, second })
        {
            await agent.CallAsync("message_ack", "message_ack", new { messageId = message, idempotencyKey = $"{Guid.NewGuid():n}" }, answer => answer);
            Assert.DoesNotContain(message, (await GetAsync(server, "/api/agents/@dev/inbox")).ToString(), StringComparison.Ordinal);
        }

        Assert.Single((await GetAsync(server, "/api/incidents?limit=200")).List("items"), incident => incident.Text("title") == title);

        Task<bool> SubscribeAsync(string what) => agent.DoAsync(what, async mcp =>
        {
            await mcp.SubscribeToResourceAsync(Inbox);
            return true;
        });
    }

    /// <summary>Looks until the message is there. A message that another session holds may be named so, and is never left out.</summary>
    private static async Task FetchAsync(KilledAgent agent, string message) => await Eventually.TrueAsync(
        async () =>
        {
            var text = "";
            var mine = await agent.CallAsync(
                "inbox", "inbox", new { wait = 1 }, answer => answer.List("messages").Any(one => one.Text("id") == message), said => text = said);
            Assert.Contains(message, text, StringComparison.Ordinal);
            return mine;
        },
        "the message");

    private static async Task<string> SendAsync(ServerProcess server, string subject)
    {
        var atp = await PostAsync(server, "atp_create", new { title = "One" });
        return (await PostAsync(
            server, "message_send",
            new { atpId = atp.Text("id"), toAgent = "@dev", messageType = "Directive", subject, body = "b", requiresAck = true })).Text("messageId");
    }

    private static async Task<JsonElement> PostAsync(ServerProcess server, string tool, object body)
    {
        using var answer = await server.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/api/tools/{tool}")
        {
            Content = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "X-Agent", "@pm" } },
        });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static async Task<JsonElement> GetAsync(ServerProcess server, string path) => JsonElement.Parse(await server.GetStringAsync(path));
}
