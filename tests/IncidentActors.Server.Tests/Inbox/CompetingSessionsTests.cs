using System.Collections.Concurrent;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Inbox;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Inbox;

/// <summary>Many sessions of one handle share one inbox.</summary>
public sealed class CompetingSessionsTests
{
    private const int Sessions = 64;
    private const int Messages = 1000;

    [Slow]
    [Fact]
    public async Task Sixty_four_sessions_work_a_thousand_messages_once_each_though_some_die()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        (await server.PostAsync("/api/tools/inbox", "@worker", new { })).IsOk();
        var atp = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "Many" })).IsOk().Json.Text("id");
        var sent = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Messages), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            sent.Add(
                (await server.PostAsync(
                    "/api/tools/message_send",
                    "@pm",
                    new
                    {
                        atpId = atp, fromAgent = "@pm", toAgent = "@worker", messageType = "Directive", subject = $"{i}", body = "b",
                        requiresAck = true,
                    }))
                    .IsOk().Json
                    .Text("messageId")));

        // Every eighth session dies in the middle: it has taken messages and is never heard of again.
        var worked = new ConcurrentDictionary<string, int>();
        var dead = await WorkAsync(server, worked, diesAfter: n => n % 8 == 0 ? 1 + (n / 16) : int.MaxValue);
        Assert.Equal(Sessions / 8, dead.Length);
        Assert.Equal(Messages - dead.Sum(), worked.Count);
        time.Advance(InboxLeases.Length);
        Assert.Empty(await WorkAsync(server, worked, diesAfter: _ => int.MaxValue));
        Assert.Equal(sent.Order(), worked.Keys.Order());
        Assert.All(worked.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_message_is_one_sessions_until_it_is_acknowledged_or_the_session_is_not_heard_of()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        (await server.PostAsync("/api/tools/inbox", "@worker", new { })).IsOk();
        var atp = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "One" })).IsOk().Json.Text("id");
        (await server.PostAsync(
            "/api/tools/message_send",
            "@pm",
            new
            {
                atpId = atp, fromAgent = "@pm", toAgent = "@worker", messageType = "Directive", subject = "s", body = "b",
                requiresAck = true,
            })).IsOk();
        var mine = Assert.Single(await TakeAsync(server, "a", 10));
        Assert.Empty(await TakeAsync(server, "b", 10));
        Assert.Equal(mine, Assert.Single(await TakeAsync(server, "a", 10)));
        time.Advance(InboxLeases.Length);
        Assert.Equal(mine, Assert.Single(await TakeAsync(server, "b", 10)));
        Assert.Empty(await TakeAsync(server, "a", 10));
        Assert.Single((await server.GetAsync("/api/agents/@worker/inbox", "@worker")).IsOk().Json.List("messages"));
    }

    [Fact]
    public async Task A_listener_keeps_what_it_works_on_though_nothing_new_comes()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        (await server.PostAsync("/api/tools/inbox", "@worker", new { })).IsOk();
        await SendAsync(server, (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "One" })).IsOk().Json.Text("id"));
        Assert.Single(await TakeAsync(server, "a", 10));

        // What a stream does that has told its message: it looks for others and finds none.
        for (var i = 0; i < 4; i++)
        {
            time.Advance(InboxLeases.Length * 0.4);
            Assert.Empty(await server.Server.Engine.Leases.TakeAsync("@worker", "a", _ => Task.FromResult<IEnumerable<MessageView>>([]), 10, default));
            Assert.Empty(await TakeAsync(server, "b", 10));
        }

        time.Advance(InboxLeases.Length);
        Assert.Single(await TakeAsync(server, "b", 10));
    }

    [Fact]
    public async Task A_listener_gets_the_message_and_gives_it_back_by_going()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/inbox", "@worker", new { })).IsOk();
        var atp = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "One" })).IsOk().Json.Text("id");
        using (var http = new HttpClient { BaseAddress = server.Address })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/agents/@worker/inbox/stream");
            request.Headers.Add("X-Agent", "@worker");
            request.Headers.Add("X-Session", "listener");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await SendAsync(server, atp);
            string? line;
            do line = await reader.ReadLineAsync();
            while (line is not null && !line.StartsWith("data: ", StringComparison.Ordinal));
            Assert.Contains("wake up", line, StringComparison.Ordinal);
            Assert.Empty(await TakeAsync(server, "b", 10));
        }

        await Eventually.TrueAsync(async () => (await TakeAsync(server, "b", 10)).Length == 1, "the message's return");
    }

    [Fact]
    public async Task A_long_poll_wakes_when_a_message_comes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/inbox", "@worker", new { })).IsOk();
        var atp = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "One" })).IsOk().Json.Text("id");
        var waiting = server.GetAsync("/api/agents/@worker/inbox?wait=30s", "@worker");
        await SendAsync(server, atp);
        Assert.Single((await waiting).IsOk().Json.List("messages"));
        (await server.GetAsync("/api/agents/@worker/inbox?wait=forever", "@worker")).Refused(400, "argument.malformed");
    }

    private static async Task SendAsync(ServerUnderTest server, string atp) =>
        (await server.PostAsync(
            "/api/tools/message_send",
            "@pm",
            new
            {
                atpId = atp, fromAgent = "@pm", toAgent = "@worker", messageType = "Directive", subject = "wake up", body = "b",
                requiresAck = true,
            })).IsOk();

    /// <summary>How many messages each session held that died; it dies when it has taken so often.</summary>
    private static async Task<int[]> WorkAsync(ServerUnderTest server, ConcurrentDictionary<string, int> worked, Func<int, int> diesAfter)
    {
        var held = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async n =>
        {
            for (var times = 1; await TakeAsync(server, $"s{n}", 2) is { Length: > 0 } taken; times++)
            {
                if (times == diesAfter(n)) return taken.Length;
                foreach (var id in taken)
                {
                    worked.AddOrUpdate(id, 1, (_, times) => times + 1);
                    (await server.PostAsync("/api/tools/message_ack", "@worker", new { messageId = id, agent = "@worker" }, session: $"s{n}")).IsOk();
                }
            }

            return 0;
        }));
        return [.. held.Where(messages => messages > 0)];
    }

    private static async Task<string[]> TakeAsync(ServerUnderTest server, string session, int limit) =>
        [
            .. (await server.PostAsync("/api/tools/inbox", "@worker", new { limit }, session: session))
                .IsOk().Json
                .List("messages")
                .Select(message => message.Text("id")),
        ];
}
