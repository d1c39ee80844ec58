using System.Net;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Who made which token stays known, and a token makes none that may more than itself.</summary>
public sealed class AccessAuditTests : IAsyncLifetime
{
    private GuardedServer guarded = null!;

    public async Task InitializeAsync() => guarded = await GuardedServer.StartAsync();

    public async Task DisposeAsync() => await guarded.DisposeAsync();

    [Fact]
    public async Task Every_change_is_recorded_with_the_token_that_made_it()
    {
        var root = Assert.Single((await guarded.GetAsync("/api/tokens", guarded.Root)).Items()).Text("id");
        guarded.Time.Advance(TimeSpan.FromSeconds(1));
        var made = await guarded.TokenAsync(new { handle = "@dev" });
        guarded.Time.Advance(TimeSpan.FromSeconds(1));
        (await guarded.PostAsync($"/api/tokens/{made.Text("id")}/revoke", guarded.Root, new { })).IsOk();
        (await guarded.PostAsync($"/api/tokens/{made.Text("id")}/revoke", guarded.Root, new { })).IsOk();

        var entries = (await guarded.GetAsync("/api/tokens/audit", guarded.Root)).Items();
        Assert.Equal(["token.created", "token.created", "token.revoked"], entries.Select(entry => entry.Text("action")));
        Assert.Equal(JsonValueKind.Null, entries[0].GetProperty("byToken").ValueKind);
        Assert.All(entries[1..], entry => Assert.Equal((made.Text("id"), root), (entry.Text("token"), entry.Text("byToken"))));
        (await guarded.GetAsync("/api/tokens/audit", made.Text("secret"))).Refused(401, "token.revoked");
    }

    [Fact]
    public async Task A_short_lived_operator_makes_nobody_who_lasts_longer_or_may_more()
    {
        var soon = guarded.Time.GetUtcNow().AddMinutes(5);
        var brief = (await guarded.TokenAsync(new { handle = "@operator", expiresAt = soon })).Text("secret");
        (await guarded.PostAsync("/api/tokens", brief, new { handle = "@operator" })).Refused(403, "token.role");
        (await guarded.PostAsync("/api/tokens", brief, new { handle = "@dev", expiresAt = soon.AddMinutes(1) })).Refused(403, "token.role");
        (await guarded.PostAsync("/api/tokens", brief, new { handle = "@jonny", roles = new[] { "owner" }, expiresAt = soon })).Refused(403, "token.role");
        (await guarded.PostAsync("/api/tokens", brief, new { handle = "@dev", expiresAt = soon })).Is(HttpStatusCode.Created);

        var lasting = (await guarded.TokenAsync(new { handle = "@second", roles = new[] { "operator" } })).Text("secret");
        (await guarded.PostAsync("/api/tokens", lasting, new { handle = "@jonny", roles = new[] { "owner" } })).Refused(403, "token.role");
        var owner = (await guarded.TokenAsync(new { handle = "@jonny", roles = new[] { "owner" } })).Text("secret");
        (await guarded.PostAsync("/api/tokens", owner, new { handle = "@boss", roles = new[] { "owner" } })).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Refused_credentials_are_counted()
    {
        var dev = await guarded.TokenAsync(new { handle = "@dev" });
        (await guarded.GetAsync("/api/incidents", dev.Text("secret")[..^1] + "x")).Refused(401, "token.unknown");
        var text = (await guarded.GetAsync("/metrics", guarded.Root)).IsOk().Body;
        Assert.Contains(
            text.Split('\n'),
            line => line.StartsWith("incident_access_refused_total{", StringComparison.Ordinal) && line.Contains("token.unknown", StringComparison.Ordinal));
    }
}
