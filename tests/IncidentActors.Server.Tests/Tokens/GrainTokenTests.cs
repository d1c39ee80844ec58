using System.Net;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Silo;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Clients of grains show the same credentials as over HTTP, and have the same limits.</summary>
[Slow]
public sealed class GrainTokenTests : IAsyncLifetime
{
    private const int AtOnce = 5;
    private readonly int gateway = Ports.Free();
    private IssuedServer issued = null!;
    private GrainClient client = null!;

    public async Task InitializeAsync()
    {
        issued = await IssuedServer.StartAsync(options => options with
        {
            Silo = options.Silo with { GatewayPort = gateway }, RequestsPerSecond = 0.001, RequestsAtOnce = AtOnce,
        });
        client = await GrainClient.StartAsync(gateway);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await issued.DisposeAsync();
    }

    [Fact]
    public async Task A_JWT_is_taken_for_who_its_claims_say_and_any_other_is_refused()
    {
        var end = await issued.Server.EndAsync();
        await RefusedAsync(null, Rules.TokenMissing);
        await RefusedAsync("a.b.c", Rules.TokenUnknown);
        issued.Provider.Audience = "another";
        await RefusedAsync(await issued.Provider.TokenAsync(), Rules.TokenUnknown);
        issued.Provider.Audience = "incident-actors";
        issued.Provider.Lifetime = TimeSpan.FromMinutes(-1);
        await RefusedAsync(await issued.Provider.TokenAsync(), Rules.TokenUnknown);
        issued.Provider.Lifetime = TimeSpan.FromHours(1);
        await using (var forger = await IdentityProvider.StartAsync())
        {
            forger.Claims.AddRange(issued.Provider.Claims);
            await RefusedAsync(await forger.TokenAsync(), Rules.TokenUnknown);
        }

        Assert.Equal(end, await issued.Server.EndAsync());

        var accepted = Assert.IsType<Accepted>(await DeclareAsync(await issued.Provider.TokenAsync()));
        var history = await issued.Server.Server.Engine.Journal.HistoryAsync(
            ActorId.Incident(accepted.Answer.GetProperty("id").GetString()!), 0, 1, CancellationToken.None);
        var listed = (await issued.GetAsync("/api/tokens", IssuedServer.Root)).IsOk().Json.List("items").Single(token => token.Text("handle") == "@ci");
        Assert.Equal(("@ci", listed.Text("id")), (history[0].By, history[0].Token));

        (await issued.SendAsync($"/api/tokens/{listed.Text("id")}/revoke", IssuedServer.Root, new { })).IsOk();
        await RefusedAsync(await issued.Provider.TokenAsync(), Rules.TokenRevoked);

        async Task RefusedAsync(string? secret, string rule) => Assert.Equal(rule, Assert.IsType<Rejected>(await DeclareAsync(secret)).Rule);
    }

    [Fact]
    public async Task A_decision_that_needs_a_fresh_sign_in_is_made_with_a_JWT_that_says_so()
    {
        var (approval, atp) = await issued.AskAsync();
        issued.Provider.SignedInAt = DateTimeOffset.UtcNow.AddMinutes(-6);
        Assert.Equal(Rules.ApprovalSignIn, Assert.IsType<Rejected>(await DecideAsync()).Rule);
        issued.Provider.SignedInAt = DateTimeOffset.UtcNow;
        Assert.IsType<Accepted>(await DecideAsync());

        async Task<Outcome> DecideAsync()
        {
            CallToken.Show(await issued.Provider.TokenAsync());
            return await client.Actors.Atp(atp).DoAsync(new SettleApproval(approval, new DecideApproval(true)), Call);
        }
    }

    [Fact]
    public async Task A_token_that_calls_too_often_is_told_when_to_come_again_and_others_are_not()
    {
        var created = (await issued.SendAsync("/api/tokens", IssuedServer.Root, new { handle = "@dev", roles = new[] { "dev" } })).Is(HttpStatusCode.Created);
        var secret = created.Json.Text("secret");
        for (var i = 0; i < AtOnce; i++) Assert.IsType<Accepted>(await DeclareAsync(secret));
        var end = await issued.Server.EndAsync();

        var later = Assert.IsType<Unavailable>(await DeclareAsync(secret));
        Assert.True(later.Known, "nothing was changed");
        Assert.InRange(later.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1000));
        Assert.Contains($"after {Math.Ceiling(later.RetryAfter.TotalSeconds)} s", later.Sentence, StringComparison.Ordinal);
        var looking = await Assert.ThrowsAsync<JournalUnavailableException>(() => LookAsync(secret));
        Assert.Contains("send it again after", looking.Message, StringComparison.Ordinal);
        var http = (await issued.GetAsync("/api/incidents", secret)).Is(HttpStatusCode.TooManyRequests);
        Assert.Equal(Rules.TokenRate, http.Json.Text("rule"));
        Assert.Equal(end, await issued.Server.EndAsync());

        Assert.IsType<Accepted>(await DeclareAsync(await issued.Provider.TokenAsync()));
    }

    private static Call Call => new() { At = default, Seed = "", By = "" };

    private async Task<Outcome> DeclareAsync(string? secret)
    {
        if (secret is not null) CallToken.Show(secret);
        return await client.Actors.DeclareAsync(new DeclareIncident("checkout is down", Severity.Sev3), Call);
    }

    private async Task LookAsync(string secret)
    {
        CallToken.Show(secret);
        await client.Actors.Incident("INC-1").GetAsync();
    }
}
