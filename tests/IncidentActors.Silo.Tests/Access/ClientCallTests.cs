using System.Collections.Immutable;
using IncidentActors.Behaviour;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine.Incidents;
using IncidentActors.Silo.Effects;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Silo.Tests.Access;

/// <summary>What a client of grains may do: what its token says, as over HTTP, and nothing at all without one.</summary>
public sealed class ClientCallTests : IAsyncLifetime
{
    private TestSilos silos = null!;
    private ClientTokens tokens = null!;

    public async Task InitializeAsync()
    {
        silos = await TestSilos.StartAsync(outside: true);
        tokens = new ClientTokens(silos.Journal);
    }

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task Without_a_valid_token_nothing_is_read_or_committed()
    {
        var incident = await DeclaredAsync("@pm");
        var expired = await tokens.MakeAsync("@pm", "pm", token => token with { ExpiresAt = DateTimeOffset.UnixEpoch });
        var revoked = await tokens.MakeAsync("@pm", "pm");
        await tokens.RevokeAsync(revoked);
        var alerts = await tokens.MakeAsync("@alertmanager", "operator");
        var before = await EndAsync();

        await NoneAsync(null, Rules.TokenMissing);
        await NoneAsync("ia_aaaaaaaaaa_00", Rules.TokenUnknown);
        await NoneAsync(expired, Rules.TokenExpired);
        await NoneAsync(revoked, Rules.TokenRevoked);
        await NoneAsync(alerts, Rules.TokenUnknown);

        Assert.Equal(before, await EndAsync());

        async Task NoneAsync(string? secret, string rule)
        {
            if (secret is not null) CallToken.Show(secret);
            await RefusedAsync(incident.DoAsync(new NoteIncident("hello"), By("@pm")), rule);
            await RefusedAsync(silos.Directory.DeclareAsync(Declaration, By("@pm")), rule);
            var inbox = await silos.Directory.Agent("@pm").FetchInboxAsync(By("@pm"), 10);
            Assert.Equal(rule, Assert.IsType<Rejected>(inbox.Refusal).Rule);
            var thrown = await Assert.ThrowsAsync<UnauthorizedAccessException>(incident.GetAsync);
            Assert.StartsWith(rule, thrown.Message, StringComparison.Ordinal);
        }
    }

    [BehaviourFact]
    public async Task The_token_says_who_calls_and_with_which_roles()
    {
        var incident = await DeclaredAsync("@pm");
        var secret = await tokens.MakeAsync("@dev", "dev");
        CallToken.Show(secret);
        var before = await EndAsync();

        await RefusedAsync(incident.DoAsync(new NoteIncident("forged"), By("@operator")), Rules.CallerMismatch);
        await RefusedAsync(silos.Directory.Agent("@operator").DoAsync(new AcknowledgeHalt("HLT-AAAAAAAA"), By("@dev")), Rules.CallerMismatch);
        var forged = By("") with { Roles = ["operator", "owner"], Token = "another", Team = "payments" };
        var halt = silos.Directory.Halt("HLT-AAAAAAAA").DoAsync(new RaiseHalt(HaltScope.All, "mine"), forged);
        Assert.Equal(RejectionKind.Role, Assert.IsType<Rejected>(await halt).Kind);
        Assert.Equal(before, await EndAsync());

        await OkAsync(incident.DoAsync(new NoteIncident("hello"), forged));
        var written = (await silos.Journal.HistoryAsync(ActorId.Incident(await IdAsync(incident)), 0, 100, CancellationToken.None))[^1];
        Assert.Equal(("@dev", Engine.Access.TokenSecret.IdOf(secret)), (written.By, written.Token));
    }

    [BehaviourFact]
    public async Task A_token_ends_at_once_when_it_is_revoked()
    {
        var incident = await DeclaredAsync("@pm");
        var secret = await tokens.MakeAsync("@dev", "dev");
        CallToken.Show(secret);
        await OkAsync(incident.DoAsync(new NoteIncident("one"), By("@dev")));

        await tokens.RevokeAsync(secret);

        await RefusedAsync(incident.DoAsync(new NoteIncident("two"), By("@dev")), Rules.TokenRevoked);
    }

    [BehaviourFact]
    public async Task A_read_only_token_reads_and_changes_nothing()
    {
        var incident = await DeclaredAsync("@pm");
        CallToken.Show(await tokens.MakeAsync("@dev", "dev", token => token with { ReadOnly = true }));
        var before = await EndAsync();

        Assert.NotNull(await incident.GetAsync());
        await RefusedAsync(incident.DoAsync(new NoteIncident("hello"), By("@dev")), Rules.TokenReadOnly);
        Assert.Equal(Rules.TokenReadOnly, Assert.IsType<Rejected>((await silos.Directory.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Refusal).Rule);
        Assert.Equal(before, await EndAsync());
    }

    [BehaviourFact]
    public async Task A_command_that_HTTP_would_find_too_large_is_refused()
    {
        var incident = await DeclaredAsync("@pm");
        CallToken.Show(await tokens.MakeAsync("@dev", "dev"));
        var before = await EndAsync();
        await RefusedAsync(incident.DoAsync(new NoteIncident(new string('x', 1024 * 1024)), By("@dev")), Rules.ArgumentTooLong);
        Assert.Equal(before, await EndAsync());
        await OkAsync(incident.DoAsync(new NoteIncident("short"), By("@dev")));
    }

    [BehaviourFact]
    public async Task A_teams_token_changes_its_teams_work_only()
    {
        var incident = await DeclaredAsync("@pm");
        var atp = silos.Directory.Atp("AT-FOREIGN-01");
        await OkAsync(Inside.Atp("AT-FOREIGN-01").DoAsync(new CreateAtp("work", Flow: "standard", Owner: "@dev"), By("@dev")));
        CallToken.Show(await tokens.MakeAsync("@operator", "operator", token => token with { Team = "payments" }));
        var before = await EndAsync();

        await RefusedAsync(incident.DoAsync(new CancelIncident("not mine"), By("")), Rules.TokenTeam);
        await RefusedAsync(atp.DoAsync(new ChangeStatus("Done"), By("")), Rules.TokenTeam);
        await RefusedAsync(silos.Directory.Halt("HLT-AAAAAAAA").DoAsync(new RaiseHalt(HaltScope.All, "all"), By("")), Rules.TokenTeam);
        await RefusedAsync(silos.Directory.Knowledge("KB-1").DoAsync(new ImportKnowledge(null!), By("")), Rules.TokenTeam);
        Assert.Equal(before, await EndAsync());
    }

    [BehaviourFact]
    public async Task What_only_the_system_calls_no_client_calls()
    {
        var incident = await DeclaredAsync("@pm");
        var id = await IdAsync(incident);
        CallToken.Show(await tokens.MakeAsync("@operator", "operator"));
        var before = await EndAsync();
        var grains = silos.Cluster.Client;

        await RefusedAsync(incident.DoAsync(new IncidentTimeIsUp("halt"), By("")), Rules.CallInternal);
        await RefusedAsync(incident.DoAsync(new FinishRun("R-1", RunStatus.Succeeded, 0, "done"), By("")), Rules.CallInternal);
        await RefusedAsync(silos.Directory.Atp("AT-1").DoAsync(new SettleApproval("APR-1", new ApprovalTimeIsUp()), By("")), Rules.CallInternal);
        await RefusedAsync(silos.Directory.Atp("AT 1\nHALT").DoAsync(new SetAtp("Open"), By("")), Rules.CallInternal);
        await RefusedAsync(silos.Directory.Agent("@operator").DoAsync(new RegisterAgent(["owner"], null), By("")), Rules.CallInternal);
        var alerts = new JoinAlerts("group", [], null);
        Assert.Equal(Rules.CallInternal, Assert.IsType<Rejected>(await silos.Directory.JoinAsync(alerts, By(""))).Rule);
        await RefusedAsync(silos.Directory.DeclareAsync(Declaration with { Group = "group" }, By("")), Rules.CallInternal);

        var effects = grains.GetGrain<IEffectTargetGrain>(GrainId.Create("incident", id));
        await RefusedAsync(effects.ApplyAsync("effect", "lease", new NoteIncident("forged"), null), Rules.CallInternal);
        RequestContext.Set("incident-actors.silo", new string('0', 64));
        await RefusedAsync(effects.ApplyAsync("effect", "lease", new NoteIncident("forged"), null), Rules.CallInternal);
        var management = grains.GetGrain<IManagementGrain>(0);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => management.GetHosts());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => management.ForceActivationCollection(TimeSpan.Zero));
        Assert.Equal(before, await EndAsync());
    }

    [BehaviourFact]
    public async Task News_are_of_the_callers_own_inboxes_and_say_nothing_else()
    {
        var (dev, sre) = (await tokens.MakeAsync("@dev", "dev"), await tokens.MakeAsync("@sre", "sre"));
        var news = silos.Directory.InboxNews(Guid.NewGuid().ToString("n"));
        await OkAsync(Inside.Atp("AT-NEWS-01").DoAsync(new CreateAtp("work", Owner: "@pm"), By("@pm")));
        CallToken.Show(dev);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => news.WatchAsync(By("@sre")));
        CallToken.Show(dev);
        await news.WatchAsync(By(""));

        await SendAsync("@sre");
        await SendAsync("@dev");

        CallToken.Show(dev);
        Assert.Equal("@dev", Assert.Single((await news.NextAsync(By(""), TimeSpan.FromSeconds(30)))!.Inboxes));
        CallToken.Show(sre);
        Assert.Null(await news.NextAsync(By(""), TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => news.NextAsync(By("@dev"), TimeSpan.Zero));
        CallToken.Show(await tokens.MakeAsync("@qa", "qa", token => token with { ReadOnly = true }));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => news.WatchAsync(By("")));

        CallToken.Show(dev);
        var next = news.NextAsync(By(""), TimeSpan.FromSeconds(30));
        await OkAsync(Inside.Halt("HLT-AAAAAAAA").DoAsync(new RaiseHalt(new HaltScope(HaltScopeKind.Agent, "@dev"), "drill"), By("@operator")));
        Assert.True((await next)!.Halts);

        Task SendAsync(string to) => OkAsync(
            Inside.Atp("AT-NEWS-01").DoAsync(new SendMessage(to, MessageType.Directive, Priority.P1, "m", "…"), By("@pm")));
    }

    [BehaviourFact]
    public async Task Where_no_token_is_configured_a_client_calls_as_an_agent_of_this_machine_only()
    {
        var incident = silos.Directory.Incident(Of(await OkAsync(silos.Directory.DeclareAsync(Declaration, By("@pm")))));

        await RefusedAsync(incident.DoAsync(new NoteIncident("forged"), By("@system")), Rules.AgentReserved);
        await RefusedAsync(incident.DoAsync(new NoteIncident("forged"), By("@x\nHALT y")), Rules.ArgumentMalformed);
        var raised = await silos.Directory.Halt("HLT-AAAAAAAA").DoAsync(new RaiseHalt(HaltScope.All, "mine"), By("@dev") with { Roles = ["operator"] });
        Assert.Equal(RejectionKind.Role, Assert.IsType<Rejected>(raised).Kind);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => silos.Cluster.Client.GetGrain<IManagementGrain>(0).GetHosts());
    }

    private static readonly DeclareIncident Declaration = new("checkout is down", Severity.Sev3, IncidentCategory.Availability);

    /// <summary>The actors as a silo's own host reaches them.</summary>
    private IActorDirectory Inside => silos.Of<IActorDirectory>(silos.Cluster.Silos[0]);

    private async Task<IIncident> DeclaredAsync(string by) =>
        silos.Directory.Incident(Of(await OkAsync(silos.Of<IDeclarations>(silos.Cluster.Silos[0]).DeclareAsync(Declaration, By(by)))));

    private static string Of(Accepted accepted) => accepted.Answer.GetProperty("id").GetString()!;

    private static Task<string> IdAsync(IIncident incident) => Task.FromResult(((IGrainWithStringKey)incident).GetPrimaryKeyString());

    /// <summary>Where the journal ends, once what is due has been applied.</summary>
    private async Task<string> EndAsync()
    {
        await silos.PassAsync(TimeSpan.Zero);
        return await silos.Journal.FeedEndAsync(CancellationToken.None);
    }
}
