using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Tokens;

public sealed class TokenTests
{
    [Fact]
    public async Task The_first_token_is_an_operators_and_the_last_one_stays()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tokens", "@dev", new { handle = "@dev" })).Refused(400, "argument.malformed");
        (await server.PostAsync(
            "/api/tokens",
            "@operator",
            new { handle = "@operator", expiresAt = DateTimeOffset.UtcNow.AddDays(1) })).Refused(400, "argument.malformed");
        (await server.GetAsync("/api/incidents")).IsOk();
        await using var guarded = await GuardedServer.StartAsync();
        var id = (await guarded.GetAsync("/api/tokens", guarded.Root)).Items().Single().Text("id");
        (await guarded.PostAsync($"/api/tokens/{id}/revoke", guarded.Root, new { })).Refused(409, "token.role");
        await guarded.TokenAsync(new { handle = "@jonny", roles = new[] { "owner" } });
        Assert.Equal("revoked", (await guarded.PostAsync($"/api/tokens/{id}/revoke", guarded.Root, new { })).IsOk().Json.Text("status"));
        (await guarded.GetAsync("/api/tokens", guarded.Root)).Refused(401, "token.revoked");
    }

    [Fact]
    public async Task The_oldest_token_is_listed_first()
    {
        await using var guarded = await GuardedServer.StartAsync();
        string[] handles = ["@zoe", "@dev", "@alice", "@pm", "@bob", "@carol"];
        foreach (var handle in handles)
        {
            guarded.Time.Advance(TimeSpan.FromSeconds(1));
            await guarded.TokenAsync(new { handle });
        }

        Assert.Equal(["@operator", .. handles], (await guarded.GetAsync("/api/tokens", guarded.Root)).Items().Select(one => one.Text("handle")));
    }

    [Fact]
    public async Task A_token_says_who_calls_with_which_roles_and_stands_beside_every_event()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var dev = await guarded.TokenAsync(new { handle = "@alice", roles = new[] { "pm" } });
        var end = await guarded.Server.EndAsync();
        var atp = (await guarded.PostAsync(
            "/api/tools/atp_set",
            dev.Text("secret"),
            new { atpId = "AT-EMRG-01", status = "InProgress", agent = "@alice", notes = "SEV-1: down" })).IsOk().Json;
        var timeline = (await guarded.GetAsync($"/api/incidents/{atp.Text("incidentId")}/timeline", guarded.Root)).Items();
        Assert.Contains(timeline, one => one.Text("by") == "@alice" && one.Text("token") == dev.Text("id"));
        var events = (await guarded.Server.Server.Engine.Journal.FeedAsync(end, 100, null, default)).Events;
        Assert.NotEmpty(events);
        Assert.All(events.Where(one => one.By == "@alice"), one => Assert.Equal(dev.Text("id"), one.Token));
        var header = new AuthenticationHeaderValue("Bearer", dev.Text("secret"));
        (await guarded.SendAsync(HttpMethod.Post, "/api/tools/inbox", header, new { }, agent: "@dev")).Refused(400, "caller.mismatch");
        (await guarded.SendAsync(HttpMethod.Post, "/api/tools/inbox", null, new { }, agent: "@dev")).Refused(401, "token.missing");
    }

    [Fact]
    public async Task Secrets_are_nowhere_but_in_the_answer_that_makes_them()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var dev = (await guarded.TokenAsync(new { handle = "@dev" })).Text("secret");
        (await guarded.PostAsync("/api/tools/atp_create", dev, new { title = "Tidy" })).IsOk();
        var spoiled = dev[..^1] + (dev[^1] == '0' ? '1' : '0');
        var texts = new List<string>
        {
            (await guarded.GetAsync("/api/tokens", guarded.Root)).IsOk().Body,
            (await guarded.GetAsync("/api/tokens", spoiled)).Refused(401, "token.unknown").GetRawText(),
            (await guarded.GetAsync("/api/tokens", dev)).Refused(403, "token.role").GetRawText(),
            string.Join(
                '\n',
                (await guarded.Server.Server.Engine.Journal.FeedAsync(
                    null, 1000, null, default)).Events.Select(one => Encoding.UTF8.GetString(one.Payload.Span))),
        };
        foreach (var file in Directory.GetFiles(guarded.Server.Data).Where(file => !file.EndsWith("-lock", StringComparison.Ordinal)))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(open, Encoding.Latin1);
            texts.Add(await reader.ReadToEndAsync());
        }

        var secret = dev[dev.LastIndexOf('_')..][1..^1];
        Assert.All(texts, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_teams_token_works_for_its_team_only()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var team = (await guarded.TokenAsync(new { handle = "@kim", roles = new[] { "operator" }, team = "platform" })).Text("secret");
        (await guarded.PostAsync("/api/tools/inbox", team, new { })).IsOk();
        var mine = (await guarded.PostAsync("/api/tools/atp_create", team, new { title = "Ours", owner = "@kim" })).IsOk().Json.Text("id");
        var theirs = (await guarded.PostAsync("/api/tools/atp_create", guarded.Root, new { title = "Theirs", owner = "@dev" })).IsOk().Json.Text("id");
        (await guarded.PostAsync("/api/tools/atp_set", team, new { atpId = mine, notes = "x" })).IsOk();
        (await guarded.PostAsync("/api/tools/atp_set", team, new { atpId = theirs, notes = "x" })).Refused(403, "token.team");
        (await guarded.PostAsync("/api/tools/halt_raise", team, new { scope = "all", reason = "x" })).Refused(403, "token.team");
        (await guarded.PostAsync("/api/tools/halt_raise", team, new { scope = "team:platform", reason = "x" })).IsOk();
        (await guarded.PostAsync("/api/tokens", team, new { handle = "@x" })).Refused(403, "token.role");
        (await guarded.PostAsync("/api/webhooks", team, new { url = "https://example.com" })).Refused(403, "token.role");
    }

    [Fact]
    public async Task Too_many_requests_are_told_so_and_Alertmanager_is_asked_to_come_again()
    {
        await using var guarded = await GuardedServer.StartAsync(options => options with { RequestsPerSecond = 0.001, RequestsAtOnce = 3 });
        var alerts = (await guarded.TokenAsync(new { handle = "@alertmanager" })).Text("secret");
        await guarded.GetAsync("/api/tokens", guarded.Root);
        await guarded.GetAsync("/api/tokens", guarded.Root);
        var refused = await guarded.GetAsync("/api/tokens", guarded.Root);
        refused.Refused(429, "token.rate");
        Assert.NotNull(refused.RetryAfter);
        var webhook = new { version = "4", groupKey = "g", alerts = Array.Empty<object>() };
        for (var i = 0; i < 3; i++) (await guarded.PostAsync("/webhooks/alertmanager", alerts, webhook)).IsOk();
        Assert.NotNull((await guarded.PostAsync("/webhooks/alertmanager", alerts, webhook)).Is(HttpStatusCode.ServiceUnavailable).RetryAfter);
    }

    [Fact]
    public async Task Alertmanager_shows_its_own_secret_as_bearer_or_password()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var secret = (await guarded.TokenAsync(new { handle = "@alertmanager" })).Text("secret");
        var webhook = new { version = "4", groupKey = "g", alerts = Array.Empty<object>() };
        (await guarded.PostAsync("/webhooks/alertmanager", secret, webhook)).IsOk();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"alertmanager:{secret}"));
        (await guarded.SendAsync(HttpMethod.Post, "/webhooks/alertmanager", new("Basic", basic), webhook)).IsOk();
        (await guarded.PostAsync("/webhooks/alertmanager", guarded.Root, webhook)).Refused(401, "token.unknown");
        (await guarded.PostAsync("/webhooks/alertmanager", null, webhook)).Refused(401, "token.missing");
        (await guarded.GetAsync("/api/incidents", secret)).Refused(401, "token.unknown");
        (await guarded.SendAsync(HttpMethod.Get, "/api/incidents", new("Basic", basic), null)).Refused(401, "token.missing");
    }

    [Fact]
    public async Task Other_addresses_than_loopback_need_a_token()
    {
        var data = Directory.CreateTempSubdirectory("bound-").FullName;
        var options = new ServerOptions { Data = data, Quiet = true, Urls = "http://0.0.0.0:0" };
        var failure = await Assert.ThrowsAsync<StartFailure>(() => RunningServer.StartAsync(options));
        Assert.Contains("token", failure.Message, StringComparison.Ordinal);
        await using (var server = await ServerUnderTest.StartAsync(change: own => own with { Data = data }))
            (await server.PostAsync("/api/tokens", "@operator", new { handle = "@operator" })).Is(HttpStatusCode.Created);
        await using (var open = await RunningServer.StartAsync(options)) Assert.NotEmpty(open.Address);
        Directory.Delete(data, recursive: true);
    }
}
