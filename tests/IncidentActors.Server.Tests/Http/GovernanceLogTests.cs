using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Server.Tests.Mcp;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Client;
using Xunit.Abstractions;

namespace IncidentActors.Server.Tests.Http;

/// <summary>
/// A generated log of a team of four that uses the <c>governance</c> tools: the kinds of calls of a real one, bursts, and its mistakes, a quarter of
/// them over MCP. The suite runs a small one; <c>GOVERNANCE_LOG_ATPS=1000</c> runs the whole: 1,000 ATPs and more than 5,000 messages.
/// </summary>
public sealed class GovernanceLogTests(ITestOutputHelper output)
{
    private static readonly string[] Right = ["message.to-self", "atp.unknown", "atp.closed", "handoff.sections.missing", "turn.ended"];
    private static readonly int Atps = int.Parse(Environment.GetEnvironmentVariable("GOVERNANCE_LOG_ATPS") ?? "60", CultureInfo.InvariantCulture);

    private readonly ConcurrentDictionary<string, int> refused = new();
    private readonly ConcurrentDictionary<int, List<string>> sent = new();
    private readonly Dictionary<string, McpClient> clients = [];
    private int calls;

    [Fact]
    public async Task A_teams_log_is_taken()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        foreach (var agent in new[] { "@pm", "@dev", "@qa", "@operator" })
            clients[agent] = await McpClients.ConnectAsync("http", "2026-07-28", server.Address, agent);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Atps), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (atp, _) => await WorkAsync(server, atp));

        var all = refused.Values.Sum();
        var messages = sent.Values.Sum(ids => ids.Count);
        var rules = string.Join(", ", refused.Select(one => $"{one.Key} {one.Value}"));
        output.WriteLine($"{Atps} ATPs, {calls} calls, {messages} messages, {all} refused: {rules}");
        Assert.All(refused.Keys, rule => Assert.Contains(rule, Right));
        Assert.InRange(all, 0, calls * 3 / 100);
        foreach (var (atp, ids) in sent) Assert.Equal(ids, (await SentAsync(server, atp)).Intersect(ids));
        Assert.Equal(Atps, await ClosedAsync(server));
        await EmptyAsync(server, time);
        foreach (var client in clients.Values) await client.DisposeAsync();
    }

    private static async Task<int> ClosedAsync(ServerUnderTest server)
    {
        var (closed, cursor) = (0, "");
        do
        {
            var page = (await server.GetAsync($"/api/atps?state=finished&limit=500{cursor}")).IsOk();
            closed += page.Items().Count(atp => atp.Text("status") == "Closed");
            cursor = page.Json.TryGetProperty("next", out var next) && next.GetString() is { } after ? $"&cursor={after}" : "";
        }
        while (cursor.Length > 0);
        return closed;
    }

    private async Task WorkAsync(ServerUnderTest server, int atp)
    {
        var chance = new Random(atp);
        var id = (object)atp;
        await DoAsync("@pm", "atp_create", new
        {
            atpId = id, title = $"Work {atp}", phase = "1", estimatedHours = 3, risk = "low", acceptanceCriteria = new[] { "It works" }, sourceRef = "plan",
            dependencies = atp % 5 == 0 ? new[] { atp - 1 } : [],
        });
        await SendAsync("@pm", "@dev", "Directive", "P2-High");
        await StatusAsync("@dev", "in_progress");
        if (chance.Next(5) == 0) await StatusAsync("@dev", "InProgress");
        if (chance.Next(10) == 0) await StatusAsync("@dev", "Blocked");
        if (chance.Next(10) == 0) await StatusAsync("@dev", "Deferred");
        if (chance.Next(4) == 0)
        {
            await DoAsync("@dev", "issue_log", new
            {
                action = "add", atpId = id, issue = new { category = "tool_failure", severity = "error", summary = "A tool failed", details = "Timeout" },
            });
        }

        await SendAsync("@dev", "@pm", Any("StatusUpdate", "Clarification", "ScopeAlert", "HITLEscalation", "Blocker", "BugReport"), "P3-Informational");
        await SendAsync("@pm", "@dev", Any("Decision", "Resolution", "Acknowledgment", "ScopeExpansion"), "P3-Normal");
        await StatusAsync("@dev", "Complete");
        if (chance.Next(2) == 0) await SendAsync("@dev", "@pm", "CompletionNotification", "P3-Informational");
        await HandOffAsync("@dev", "### Completed Work\n#### Files\n- a.ts\n### Pending Work\n- verify\n### Evidence\n**Build:**\n- passes");
        if (chance.Next(3) == 0)
        {
            await StatusAsync("@qa", Any("InProgress", "Rejected"));
            await SendAsync("@qa", "@dev", "CorrectionDirective", "P1-Critical");
            await StatusAsync("@dev", "InProgress");
            await StatusAsync("@dev", "Complete");
            await HandOffAsync("@dev", "### Completed Work\n- corrected\n### Pending Work\n- verify\n### Evidence\n- tests pass");
        }

        await SendAsync("@qa", "@pm", Any("QAApproval", "ReviewComplete"), "P4-Low");
        if (chance.Next(14) == 0) await SendAsync("@pm", "@pm", "StatusUpdate", "P2");
        if (chance.Next(25) == 0) await DoAsync("@dev", "atp_change_status", new { atpId = $"ATP-{atp}", status = "Complete", stage = "x" });
        if (chance.Next(25) == 0) await HandOffAsync("@qa", "Done.");
        await Task.WhenAll(Shuffled(
            () => DoAsync("@pm", "artifact_create", new { atpId = id, artifactType = "PMVerificationReport", title = "Report", content = "Verified" }),
            () => StatusAsync("@pm", "Closed"),
            () => SendAsync("@pm", "@operator", "HITLNotification", "P3-Informational")));
        if (chance.Next(14) == 0) await SendAsync("@dev", "@pm", "StatusUpdate", "P3");

        string Any(params string[] words) => words[chance.Next(words.Length)];

        IEnumerable<Task> Shuffled(params Func<Task>[] batch)
        {
            chance.Shuffle(batch);
            return batch.Select(one => one());
        }

        Task StatusAsync(string agent, string status) => DoAsync(agent, "atp_change_status", new { atpId = id, status, agent, stage = "Work" });

        Task HandOffAsync(string from, string body) => DoAsync(
            from, "message_send",
            new { atpId = id, fromAgent = from, toAgent = from == "@qa" ? "@pm" : "@qa", messageType = "Handoff", subject = "Handoff", body });

        Task SendAsync(string from, string to, string type, string priority) => DoAsync(
            from, "message_send",
            new { atpId = id, fromAgent = from, toAgent = to, messageType = type, priority, subject = $"{type} {calls}", body = "Text" });

        async Task DoAsync(string agent, string tool, object body)
        {
            Interlocked.Increment(ref calls);
            var (refusal, answer) = atp % 4 == 0
                ? await ByMcpAsync(clients[agent], tool, atp, body)
                : await ByHttpAsync(server, agent, tool, atp, body);
            if (refusal)
            {
                var rule = answer.Text("rule");
                refused.AddOrUpdate(Right.Contains(rule) ? rule : $"{rule}: {answer.Text("detail")}", 1, (_, count) => count + 1);
            }
            else if (tool == "message_send")
            {
                lock (sent) sent.GetOrAdd(atp, _ => []).Add(answer.Text("messageId"));
            }
        }
    }

    private static async Task<(bool Refused, JsonElement Answer)> ByHttpAsync(ServerUnderTest server, string agent, string tool, int atp, object body)
    {
        var reply = await server.PostAsync($"/api/tools/governance.{tool}", agent, body, session: $"turn-{atp}");
        if (reply.Status == HttpStatusCode.OK) return (false, reply.Json);
        Assert.InRange((int)reply.Status, 400, 499);
        return (true, reply.Json);
    }

    private static async Task<(bool Refused, JsonElement Answer)> ByMcpAsync(McpClient client, string tool, int atp, object body)
    {
        var arguments = JsonSerializer.SerializeToNode(body)!.AsObject();
        arguments["session"] = $"turn-{atp}";
        var result = await client.CallAsync($"governance_{tool}", arguments);
        return result.IsError == true
            ? (true, JsonSerializer.SerializeToElement(result.Meta!["incidentactors/problem"]))
            : (false, result.StructuredContent!.Value);
    }

    /// <summary>Ids of the ATP's messages in the order of the journal.</summary>
    private static async Task<IEnumerable<string>> SentAsync(ServerUnderTest server, int atp)
    {
        var id = atp.ToString(CultureInfo.InvariantCulture);
        var events = await server.Server.Engine.Journal.HistoryAsync(ActorId.Atp(id), 0, 500, CancellationToken.None);
        return events.Select(one => EventTypes.Read(one.Name, one.Payload.Span)).OfType<MessageSent>().Select(one => $"msg-{id}-{one.Number}").ToList();
    }

    private static async Task EmptyAsync(ServerUnderTest server, FakeTimeProvider time)
    {
        time.Advance(TimeSpan.FromHours(25));
        foreach (var agent in new[] { "@pm", "@dev", "@qa", "@operator" })
        {
            await Eventually.TrueAsync(
                async () => (await server.GetAsync($"/api/agents/{agent}/inbox")).IsOk().Json.List("messages").Length == 0, $"the empty inbox of {agent}");
        }
    }
}
