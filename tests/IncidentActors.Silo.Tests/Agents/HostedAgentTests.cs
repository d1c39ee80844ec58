using IncidentActors.Agents;
using IncidentActors.Behaviour;
using IncidentActors.Client;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using static EmergencyFlow;

namespace IncidentActors.Silo.Tests.Agents;

/// <summary>Agents as grains in a cluster of their service, which reach the journal through its gateway.</summary>
public sealed class HostedAgentTests : IAsyncLifetime
{
    private AgentsBench bench = null!;

    public async Task InitializeAsync() => bench = await AgentsBench.StartAsync();

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [BehaviourFact]
    public Task Under_a_halt_nothing_happens_and_with_a_lost_silo_each_message_is_handled_once() => WorkUnderHaltAsync();

    [BehaviourFact]
    public async Task Without_news_agents_read_their_inboxes_and_the_same_holds()
    {
        await bench.DisposeAsync();
        bench = await AgentsBench.StartAsync(news: false);
        await WorkUnderHaltAsync();
    }

    private async Task WorkUnderHaltAsync()
    {
        (bench.Probe.Holds, bench.Probe.FailsOnce) = (true, true);
        var atps = await OrderAsync(2);
        await Eventually.TrueAsync(() => AgentsBench.Team.All(bench.Probe.Held.ContainsKey), "a turn of each agent");
        await bench.Cluster.KillSiloAsync(bench.Cluster.Silos[0]);

        var halt = await OkAsync(bench.Of("@operator").RaiseHaltAsync(HaltScope.All, "drill"));
        await ConfirmedAsync(halt, AgentsBench.Team);
        bench.Probe.Quiet = true;
        await OkAsync(bench.Of("@operator").Atp(atps[0]).DoAsync(new SendMessage("@dev", MessageType.EmergencyDirective, Priority.P0, "late", "…")));
        foreach (var handle in AgentsBench.Team) await RefusedWriteAsync(handle);
        var looks = bench.Peeks;
        await Eventually.TrueAsync(() => bench.Peeks > looks + 20, "looks into the inboxes");
        Assert.Empty(bench.Probe.Broken);

        bench.Probe.Quiet = false;
        var ticks = bench.Probe.Ticks;
        bench.Probe.Release();
        await OkAsync(halt.LiftAsync("over"));
        await Eventually.TrueAsync(AllSettledAsync, "the end of all work");
        await Eventually.TrueAsync(() => bench.Probe.Ticks > ticks, "ticks after the lift");

        var handled = await bench.HandledAsync(atps);
        Assert.True(handled.Count >= 7, $"{handled.Count} messages");
        Assert.All(handled, one => Assert.Equal(1, one.Value));
        Assert.True(bench.Probe.Begun > handled.Count);
        Assert.Empty(bench.Probe.Broken);
    }

    [BehaviourFact]
    public async Task A_halt_is_confirmed_when_the_turn_that_it_covers_has_ended()
    {
        (bench.Probe.Holds, bench.Probe.IgnoresHalts) = (true, true);
        await OrderAsync(1);
        await Eventually.TrueAsync(() => AgentsBench.Team.All(bench.Probe.Held.ContainsKey), "a turn of each agent");

        var halt = await OkAsync(bench.Of("@operator").RaiseHaltAsync(new HaltScope(HaltScopeKind.Agent, "@dev"), "drill"));
        await Eventually.TrueAsync(() => bench.Probe.Held["@dev"].IsCancellationRequested);
        Assert.False(bench.Probe.Held["@sre"].IsCancellationRequested);
        var looks = bench.Peeks;
        await Eventually.TrueAsync(() => bench.Peeks > looks + 2, "looks into the inboxes");
        Assert.False((await halt.GetAsync())!.Agents.Single(agent => agent.Agent == "@dev").Confirmed);

        bench.Probe.Release();
        await ConfirmedAsync(halt, ["@dev"]);
    }

    [BehaviourFact]
    public async Task A_permit_is_asked_for_in_a_turn_and_reported()
    {
        var atp = bench.Of("@pm").Atp("AT-DEPLOY");
        await OkAsync(atp.DoAsync(new CreateAtp("deploy", Owner: "@sre")));
        await OkAsync(atp.DoAsync(new SendMessage("@sre", MessageType.Directive, Priority.P1, "deploy", "…")));

        await Eventually.TrueAsync(() => !bench.Probe.Permits.IsEmpty);

        var permit = (await bench.Inside.Permit(bench.Probe.Permits.Single()).GetAsync())!;
        Assert.Equal(("done", "@sre", "AT-DEPLOY"), (permit.Status, permit.Holder, permit.AtpId));
    }

    [BehaviourFact]
    public async Task An_agent_with_the_token_of_another_is_given_nothing()
    {
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => bench.Of("@impostor").PeekInboxAsync(CancellationToken.None));

        Assert.StartsWith(Rules.CallerMismatch, refused.Message, StringComparison.Ordinal);
    }

    [BehaviourFact]
    public async Task Keys_that_are_not_derived_from_the_message_are_found()
    {
        await using var planted = await AgentsBench.StartAsync((_, _, _, _) => Guid.NewGuid().ToString("n"));
        planted.Probe.FailsOnce = true;
        var atp = planted.Of("@pm").Atp("AT-1");
        await OkAsync(atp.DoAsync(new CreateAtp("work", Owner: "@dev")));
        await OkAsync(atp.DoAsync(new SendMessage("@dev", MessageType.Directive, Priority.P1, "m", "…")));

        await Eventually.TrueAsync(async () => (await planted.HandledAsync(["AT-1"])).Values.Any(times => times > 1), "a message that is handled twice");
    }

    [BehaviourFact]
    public void The_same_command_of_a_message_has_the_same_key_and_its_repetition_another()
    {
        var (first, again) = (new TurnKeys("msg-AT-1-1", TurnKeys.Derive), new TurnKeys("msg-AT-1-1", TurnKeys.Derive));
        var keys = new[] { first.For("AT-1", new SetAtp(Notes: "x")), first.For("AT-1", new SetAtp(Notes: "x")), first.For("AT-1", new SetAtp(Notes: "y")) };

        Assert.Equal(3, keys.Distinct().Count());
        Assert.Equal(keys[2], again.For("AT-1", new SetAtp(Notes: "y")));
        Assert.Equal(keys[0], again.For("AT-1", new SetAtp(Notes: "x")));
        Assert.NotEqual(keys[0], new TurnKeys("msg-AT-1-2", TurnKeys.Derive).For("AT-1", new SetAtp(Notes: "x")));
    }

    [BehaviourFact]
    public void Storage_that_is_added_after_the_agents_is_found_at_the_start()
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton<IGrainStorage>("early", (_, _) => new AgentsBench.RecordedStorage(bench.Probe));
        FencedStorage.FenceAll(services);
        services.AddKeyedSingleton<IGrainStorage>("late", (_, _) => new AgentsBench.RecordedStorage(bench.Probe));

        using var provider = services.BuildServiceProvider();
        Assert.Contains("'late'", Assert.Throws<InvalidOperationException>(() => FencedStorage.Check(services, provider)).Message, StringComparison.Ordinal);
    }

    /// <summary>Work of each agent on its own ATPs, with a directive for each.</summary>
    /// <returns>The ATPs.</returns>
    private async Task<List<string>> OrderAsync(int each)
    {
        var atps = new List<string>();
        foreach (var handle in AgentsBench.Team)
        {
            for (var number = 1; number <= each; number++)
            {
                var id = $"AT-{handle[1..].ToUpperInvariant()}-{number}";
                await OkAsync(bench.Of("@pm").Atp(id).DoAsync(new CreateAtp("work", Owner: handle)));
                await OkAsync(bench.Of("@pm").Atp(id).DoAsync(new SendMessage(handle, MessageType.Directive, Priority.P1, $"m{number}", "…")));
                atps.Add(id);
            }
        }

        return atps;
    }

    private static Task ConfirmedAsync(Halt halt, string[] handles) => Eventually.TrueAsync(
        async () => (await halt.GetAsync())!.Agents.Count(agent => agent.Confirmed && handles.Contains(agent.Agent)) == handles.Length, "confirmations");

    private async Task<bool> AllSettledAsync()
    {
        foreach (var handle in AgentsBench.Team)
        {
            if (!(await bench.Of(handle).PeekInboxAsync(CancellationToken.None)).Messages.IsEmpty) return false;
        }

        return true;
    }

    /// <summary>The agent's silo may be the one that was lost: then another silo answers.</summary>
    private Task RefusedWriteAsync(string handle) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return !await bench.Agent(handle).WriteAsync();
            }
            catch (Exception error) when (error is OrleansException or TimeoutException)
            {
                return false;
            }
        },
        $"a refused write of {handle}");
}
