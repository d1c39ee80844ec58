using System.Net;
using IncidentActors.Server.Tests.Tokens;

namespace IncidentActors.Server.Tests.Http;

/// <summary>A repeated key makes no second webhook subscription and no second token.</summary>
public sealed class RepeatedAdministrationTests
{
    [Fact]
    public async Task A_subscription_is_made_once_and_its_first_answer_given_again()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var body = new { url = "https://example.com/a", events = new[] { "incident.*" } };
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.PostAsync("/api/webhooks", "@operator", body, key: "k")));

        Assert.Single(replies, reply => (reply.Status, reply.Replayed) == (HttpStatusCode.Created, false));
        Assert.Equal(7, replies.Count(reply => (reply.Status, reply.Replayed) == (HttpStatusCode.OK, true)));
        Assert.Single(replies.Select(reply => reply.Body).Distinct());
        (await server.PostAsync("/api/webhooks", "@operator", new { url = "https://example.com/b" }, key: "k")).Refused(422, "idempotency.key.reused");
        (await server.PostAsync("/api/webhooks", "@pm", body, key: "k")).Is(HttpStatusCode.Created);
        (await server.PostAsync("/api/webhooks", "@operator", body)).Is(HttpStatusCode.Created);
        Assert.Equal(3, (await server.GetAsync("/api/webhooks")).Items().Length);
    }

    [Fact]
    public async Task A_subscriptions_secret_is_not_given_again_for_ever()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var body = new { url = "https://example.com/a" };
        var first = (await guarded.PostAsync("/api/webhooks", guarded.Root, body, key: "k")).Is(HttpStatusCode.Created).Json.Text("secret");
        Assert.Equal(first, (await guarded.PostAsync("/api/webhooks", guarded.Root, body, key: "k")).IsOk().Json.Text("secret"));
        guarded.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.False((await guarded.PostAsync("/api/webhooks", guarded.Root, body, key: "k")).IsOk().Json.TryGetProperty("secret", out _));
    }

    [Theory]
    [InlineData("@dev")]
    [InlineData("@pagerduty")]
    public async Task A_token_is_made_once_and_its_secret_never_shown_again(string handle)
    {
        await using var guarded = await GuardedServer.StartAsync();
        var root = guarded.Root;
        var first = (await guarded.PostAsync("/api/tokens", root, new { handle }, key: "k")).Is(HttpStatusCode.Created).Json;
        var again = await guarded.PostAsync("/api/tokens", root, new { handle }, key: "k");

        var refused = again.Refused(409, "token.exists");
        Assert.Equal(first.Text("id"), refused.GetProperty("current").Text("id"));
        Assert.False(refused.GetProperty("current").TryGetProperty("secret", out _), again.Body);
        (await guarded.PostAsync("/api/tokens", root, new { handle = "@sre" }, key: "k")).Refused(422, "idempotency.key.reused");
        Assert.Single((await guarded.GetAsync("/api/tokens", root)).Items(), token => token.Text("handle") == handle);
        Assert.NotEqual(first.Text("id"), (await guarded.PostAsync("/api/tokens", root, new { handle }, key: "l")).Is(HttpStatusCode.Created).Json.Text("id"));
    }
}
