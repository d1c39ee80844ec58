using System.Net;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Approvals;

/// <summary>Whatever comes at the moment of a decision, an approval has one outcome, the same on every later read.</summary>
public sealed class ApprovalRaceTests : IDisposable
{
    private const int Rounds = 12;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    private readonly string flows = Directory.CreateTempSubdirectory("flows-").FullName;

    public ApprovalRaceTests()
    {
        foreach (var policy in new[] { "approve", "reject", "block" }) File.WriteAllText(Path.Combine(flows, $"{policy}.yaml"), Flow(policy));
    }

    public void Dispose() => Directory.Delete(flows, recursive: true);

    [Fact]
    public async Task Two_people_at_once_give_one_decision()
    {
        await using var server = await StartAsync(TestClock.Start());
        for (var round = 0; round < Rounds; round++)
        {
            var id = await AskAsync(server, "block");
            var replies = await Task.WhenAll(
                DecideAsync(server, id, "@pm", "approve"), DecideAsync(server, id, "@operator", "reject"), DecideAsync(server, id, "@pm", "reject"));
            var won = Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK).Json;
            Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.OK), reply => reply.Refused(409, "approval.decided"));
            await SameAsync(server, id, won.Text("status"), won.Text("decidedBy"));
        }
    }

    [Theory]
    [InlineData("approve", "approved")]
    [InlineData("reject", "rejected")]
    public async Task A_decision_at_the_moment_of_timeout_wins_or_comes_too_late(string policy, string byItself)
    {
        var time = TestClock.Start();
        await using var server = await StartAsync(time);
        for (var round = 0; round < Rounds; round++)
        {
            var id = await AskAsync(server, policy);
            time.Advance(Within);
            var reply = await DecideAsync(server, id, "@pm", byItself == "approved" ? "reject" : "approve");
            if (reply.Status == HttpStatusCode.OK)
            {
                await SameAsync(server, id, byItself == "approved" ? "rejected" : "approved", "@pm");
                continue;
            }

            Assert.Equal(byItself, reply.Refused(409, "approval.decided").GetProperty("current").Text("status"));
            var view = await SameAsync(server, id, byItself, "@system");
            Assert.True(view.GetProperty("automatic").GetBoolean());
        }
    }

    [Fact]
    public async Task What_decided_itself_is_marked_so_and_blocking_never_decides()
    {
        var time = TestClock.Start();
        await using var server = await StartAsync(time);
        var approve = await AskAsync(server, "approve");
        var block = await AskAsync(server, "block");
        time.Advance(Within);
        await Eventually.TrueAsync(async () => (await ViewAsync(server, approve)).Text("status") == "approved", "approving by itself");
        Assert.True((await ViewAsync(server, approve)).GetProperty("automatic").GetBoolean());
        await Eventually.TrueAsync(
            async () =>
                (await server.GetAsync("/api/agents/@operator/inbox"))
                    .IsOk().Json
                    .List("messages")
                    .Any(message => message.Text("subject") == $"Approval overdue: {block}"), "escalating");
        Assert.Equal("open", (await ViewAsync(server, block)).Text("status"));
        Assert.Contains(
            (await server.GetAsync("/api/agents/@dev/inbox")).IsOk().Json.List("messages"),
            message => message.Text("subject").StartsWith("Approved automatically", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_a_halt_an_approval_stands_still_and_keeps_what_was_left()
    {
        var time = TestClock.Start();
        await using var server = await StartAsync(time);
        var id = await AskAsync(server, "approve");
        time.Advance(Within / 2);
        var halt = (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" })).Is(HttpStatusCode.Created).Json.Text("id");
        (await DecideAsync(server, id, "@pm", "approve")).Refused(423, "halt.covers");
        time.Advance(Within * 3);
        Assert.Equal("open", (await ViewAsync(server, id)).Text("status"));
        (await server.PostAsync($"/api/halts/{halt}/lift", "@operator", new { })).IsOk();
        time.Advance(Within / 4);
        Assert.Equal("open", (await ViewAsync(server, id)).Text("status"));
        time.Advance(Within / 2);
        await Eventually.TrueAsync(async () => (await ViewAsync(server, id)).Text("status") == "approved", "approving by itself after the lift");
    }

    [Fact]
    public async Task A_halt_at_the_moment_of_a_decision_comes_before_it_or_after_it()
    {
        await using var server = await StartAsync(TestClock.Start());
        for (var round = 0; round < Rounds; round++)
        {
            var id = await AskAsync(server, "block");
            var deciding = DecideAsync(server, id, "@pm", "approve");
            var halting = server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" });
            var decided = await deciding;
            var halt = (await halting).Is(HttpStatusCode.Created).Json.Text("id");
            Assert.Equal(decided.Status == HttpStatusCode.OK ? "approved" : "open", (await ViewAsync(server, id)).Text("status"));
            if (decided.Status != HttpStatusCode.OK) decided.Refused(423, "halt.covers");
            (await server.PostAsync($"/api/halts/{halt}/lift", "@operator", new { })).IsOk();
        }
    }

    [Fact]
    public async Task Another_handoff_voids_the_question_and_asks_anew()
    {
        await using var server = await StartAsync(TestClock.Start());
        var id = await AskAsync(server, "block");
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new
            {
                atpId = (await ViewAsync(server, id)).Text("atpId"),
                toAgent = "@pm",
                completedWork = "Another fix",
                pendingWork = "Approve",
                evidence = "Other tests",
            })).IsOk();
        Assert.Equal("voided", (await ViewAsync(server, id)).Text("status"));
        (await DecideAsync(server, id, "@pm", "approve")).Refused(409, "approval.decided");
        var anew = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items());
        Assert.NotEqual(id, anew.Text("id"));
        Assert.Equal(3, anew.List("options").Length);
        Assert.Equal(("ship", "Nobody has looked at it."), (anew.Text("recommendation"), anew.List("options")[0].Text("risk")));
        (await server.PostAsync(
            $"/api/approvals/{anew.Text("id")}/decision",
            "@pm",
            new { decision = "reject", option = "ship" })).Refused(422, "approval.option.unknown");
        (await server.PostAsync($"/api/approvals/{anew.Text("id")}/decision", "@dev", new { decision = "approve" })).Refused(403, "approval.role");
        Assert.Equal(
            "wait",
            (await server.PostAsync($"/api/approvals/{anew.Text("id")}/decision", "@pm", new { decision = "reject", option = "wait" }))
                .IsOk().Json
                .Text("option"));
    }

    [Slow]
    [Fact]
    public async Task A_decision_at_the_moment_of_a_crash_holds_or_never_was()
    {
        var data = Directory.CreateTempSubdirectory("approvals-").FullName;
        await using var process = new ServerProcess("--data", data, "--flows", flows, "--quiet");
        await process.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            var id = await AskAsync(
                (path, agent, body) => PostAsync(process, path, agent, body),
                process.GetStringAsync,
                "block");
            var deciding = PostAsync(process, $"/api/approvals/{id}/decision", "@pm", new { decision = "approve" }, $"decide-{round}");
            await process.KillAsync();
            var answered = await deciding.ContinueWith(task => task.IsCompletedSuccessfully, TaskScheduler.Default);
            await process.StartAsync();
            var after = JsonDocument.Parse(await process.GetStringAsync($"/api/approvals/{id}")).RootElement.Text("status");
            if (answered) Assert.Equal("approved", after);
            await PostAsync(process, $"/api/approvals/{id}/decision", "@pm", new { decision = "approve" }, $"decide-{round}");
            Assert.Equal("approved", JsonDocument.Parse(await process.GetStringAsync($"/api/approvals/{id}")).RootElement.Text("status"));
        }

        await process.KillAsync();
        Directory.Delete(data, recursive: true);
    }

    private Task<ServerUnderTest> StartAsync(FakeTimeProvider time) =>
        ServerUnderTest.StartAsync(options => options with { Time = time }, options => options with { Flows = flows });

    private static Task<string> AskAsync(ServerUnderTest server, string policy) => AskAsync(
        async (path, agent, body) => (await server.PostAsync(path, agent, body)).IsOk().Body, async path => (await server.GetAsync(path)).IsOk().Body, policy);

    /// <summary>Work of dev's that waits for pm's approval; the approval's id.</summary>
    private static async Task<string> AskAsync(Func<string, string, object, Task<string>> post, Func<string, Task<string>> get, string policy)
    {
        await post("/api/tools/inbox", "@dev", new { });
        var atp = JsonDocument.Parse(await post("/api/tools/atp_create", "@dev", new { title = "Ask", flow = policy, owner = "@dev" })).RootElement.Text("id");
        await post("/api/tools/handoff", "@dev", new { atpId = atp, toAgent = "@pm", completedWork = "Fix", pendingWork = "Approve", evidence = "Tests" });
        var open = JsonDocument.Parse(await get("/api/approvals?state=open")).RootElement.List("items");
        return open.Single(one => one.Text("atpId") == atp).Text("id");
    }

    private static async Task<string> PostAsync(ServerProcess process, string path, string agent, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web)),
        };
        request.Headers.Add("X-Agent", agent);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var reply = await process.Client.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, text);
        return text;
    }

    private static Task<Reply> DecideAsync(ServerUnderTest server, string id, string by, string decision) =>
        server.PostAsync($"/api/approvals/{id}/decision", by, new { decision });

    private static async Task<JsonElement> ViewAsync(ServerUnderTest server, string id) => (await server.GetAsync($"/api/approvals/{id}")).IsOk().Json;

    private static async Task<JsonElement> SameAsync(ServerUnderTest server, string id, string status, string by)
    {
        for (var read = 0; read < 3; read++)
        {
            var view = await ViewAsync(server, id);
            Assert.Equal((status, by), (view.Text("status"), view.Text("decidedBy")));
        }

        return await ViewAsync(server, id);
    }

    private static string Flow(string policy) =>
        $$"""
        name: {{policy}}
        version: 1
        title: Asks before it closes
        states:
          - { name: Working, active: true }
          - { name: Waiting }
          - { name: Closed, terminal: true }
        rows:
          - { number: 1, from: (new), to: Working, trigger: Found, role: any, tools: [atp_set, atp_create] }
          - { number: 2, from: Working, to: Waiting, trigger: Fix ready, role: any, tools: [handoff] }
          - number: 3
            from: Waiting
            to: Closed
            trigger: Approved
            role: any
            tools: [atp_close, atp_change_status]
            requires:
              approval:
                role: pm
                question: May {atp} go out?
                within: 10m
                onTimeout: {{policy}}
                rejectTo: Working
                options:
                  - { id: ship, text: Ship it, risk: Nobody has looked at it., approves: true }
                  - { id: canary, text: Ship it to a few, approves: true }
                  - { id: wait, text: Do not ship it }
                recommend: ship
        """;
}
