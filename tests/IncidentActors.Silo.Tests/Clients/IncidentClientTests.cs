using System.Collections.Concurrent;
using IncidentActors.Behaviour;
using IncidentActors.Client;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;
using IncidentActors.Silo.Tests.Access;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EmergencyFlow;

namespace IncidentActors.Silo.Tests.Clients;

/// <summary>The typed client of services, against three silos with tokens.</summary>
public sealed class IncidentClientTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> secrets = [];
    private TestSilos silos = null!;

    public async Task InitializeAsync()
    {
        silos = await TestSilos.StartAsync(outside: true);
        var tokens = new ClientTokens(silos.Journal);
        foreach (var role in new[] { "pm", "dev", "sre", "operator" }) secrets[$"@{role}"] = await tokens.MakeAsync($"@{role}", role);
    }

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task The_emergency_flow_is_worked_and_the_next_message_begins_the_turn_that_closing_ended()
    {
        Assert.Equal("Closed", (await EmergencyFlow.RunAsync(Of, CancellationToken.None)).Status);

        await using var messages = Of("@pm").ReceiveAsync().GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync());

        await OkAsync(Of("@pm").Atp("AT-NEXT").DoAsync(new CreateAtp("next work")));
    }

    [BehaviourFact]
    public async Task Waiting_for_messages_begins_no_turn_and_each_of_many_messages_is_given_once()
    {
        await OkAsync(Of("@pm").Atp("AT-1").DoAsync(new CreateAtp("work", Owner: "@dev")));
        await Inside.Agent("@dev").FetchInboxAsync(Expect.By("@dev"), 10);
        var halt = await OkAsync(Of("@operator").RaiseHaltAsync(new HaltScope(HaltScopeKind.Agent, "@dev"), "drill"));
        var peeks = 0;
        silos.AfterCall = call =>
        {
            if (call.MethodName == nameof(IAgent.PeekInboxAsync)) Interlocked.Increment(ref peeks);
        };
        using var stop = new CancellationTokenSource();
        var given = new ConcurrentQueue<string>();
        var listening = Task.Run(ListenAsync);
        await Eventually.TrueAsync(() => Volatile.Read(ref peeks) > 3, "waiting");
        Assert.False((await halt.GetAsync())!.Agents.Single(agent => agent.Agent == "@dev").Confirmed);
        await OkAsync(halt.LiftAsync());

        for (var number = 0; number < 25; number++)
            await OkAsync(Of("@pm").Atp("AT-1").DoAsync(new SendMessage("@dev", MessageType.EmergencyDirective, Priority.P0, $"m{number}", "…")));
        await Eventually.TrueAsync(() => given.Count(subject => subject.StartsWith('m')) >= 25, "all messages");
        var before = Volatile.Read(ref peeks);
        await Eventually.TrueAsync(() => Volatile.Read(ref peeks) > before + 3, "waiting");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        Assert.Equal(Enumerable.Range(0, 25).Select(number => $"m{number}").Order(), given.Where(subject => subject.StartsWith('m')).Order());

        async Task ListenAsync()
        {
            await foreach (var received in Of("@dev").ReceiveAsync(stop.Token)) given.Enqueue(received.Message.Subject);
        }
    }

    [BehaviourFact]
    public async Task A_command_whose_answer_is_lost_is_sent_again_with_its_key_and_applied_once()
    {
        var incident = await OkAsync(Of("@dev").DeclareAsync("search is slow", Severity.Sev3));
        var lost = 1;
        silos.AfterCall = call =>
        {
            if (call.MethodName == "DoAsync" && Interlocked.Decrement(ref lost) >= 0) throw new TimeoutException();
        };

        var noted = await incident.DoAsync(new NoteIncident("once"));

        Assert.True(noted.Replayed);
        Assert.Equal(1, await NotesAsync(incident.Id));
    }

    [BehaviourFact]
    public async Task An_outcome_that_is_not_learned_in_the_callers_time_is_unknown_and_its_key_gives_it_later()
    {
        var incident = await OkAsync(Of("@dev").DeclareAsync("search is slow", Severity.Sev3));
        using var stop = new CancellationTokenSource();
        silos.AfterCall = _ =>
        {
            stop.Cancel();
            throw new TimeoutException();
        };

        var unknown = await Assert.ThrowsAsync<UnknownOutcomeException>(() => incident.DoAsync(new NoteIncident("once"), "note-1", stop.Token));

        silos.AfterCall = null;
        Assert.Equal("note-1", unknown.Key);
        Assert.True((await incident.DoAsync(new NoteIncident("once"), unknown.Key)).Replayed);
        Assert.Equal(1, await NotesAsync(incident.Id));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => incident.DoAsync(new NoteIncident("not sent"), cancel: stop.Token));
    }

    [BehaviourFact]
    public async Task A_refused_token_says_nothing_of_the_attempt_before()
    {
        var incident = await OkAsync(Of("@dev").DeclareAsync("search is slow", Severity.Sev3));
        var tokens = new ClientTokens(silos.Journal);
        silos.AfterCall = _ =>
        {
            silos.AfterCall = null;
            tokens.RevokeAsync(secrets["@dev"]).GetAwaiter().GetResult();
            throw new TimeoutException();
        };

        var unknown = await Assert.ThrowsAsync<UnknownOutcomeException>(() => incident.DoAsync(new NoteIncident("once")));

        Assert.Contains(Rules.TokenRevoked, unknown.Message, StringComparison.Ordinal);
        Assert.Equal(1, await NotesAsync(incident.Id));
        Assert.Equal(Rules.TokenRevoked, (await incident.DoAsync(new NoteIncident("again"))).Refusal?.Rule);
    }

    [BehaviourFact]
    public async Task A_halt_ends_a_permit_and_the_watcher_sees_the_lift()
    {
        var refused = await Of("@sre").RequestPermitAsync("deploy");
        Assert.Equal(Rules.PermitIncomplete, refused.Refusal?.Rule);
        await using var permit = await OkAsync(Of("@sre").RequestPermitAsync("deploy", "checkout", "production"));
        Assert.False(permit.Halted.IsCancellationRequested);

        var halt = await OkAsync(Of("@operator").RaiseHaltAsync(HaltScope.All, "drill"));
        await Eventually.TrueAsync(() => permit.Halted.IsCancellationRequested);
        Assert.Equal(halt.Id, permit.View.Halt?.Id);
        Assert.Equal(Rules.Halted, (await Of("@sre").RequestPermitAsync("deploy", "search")).Refusal?.Rule);
        Assert.Equal("failed", (await OkAsync(permit.ReleaseAsync(PermitOutcome.Failed))).Status);

        var states = new List<string>();
        await foreach (var view in halt.WatchAsync())
        {
            states.Add(view.Status);
            if (states.Count == 1) await OkAsync(halt.LiftAsync("over"));
        }

        Assert.NotEqual(states[0], states[^1]);
    }

    [BehaviourFact]
    public async Task A_permit_that_is_not_released_is_reported_as_unknown()
    {
        Permit permit;
        await using (permit = await OkAsync(Of("@sre").RequestPermitAsync("deploy", "checkout"))) Assert.Equal("open", permit.View.Status);

        Assert.Equal("unknown", (await Inside.Permit(permit.Id).GetAsync())!.Status);
    }

    [BehaviourFact]
    public async Task A_refusal_is_a_result_and_a_repeated_key_gives_the_first_answer()
    {
        var first = await Of("@dev").DeclareAsync("search is slow", Severity.Sev3, d => d.Label("service", "search"), "declare-1");
        var again = await Of("@dev").DeclareAsync("search is slow", Severity.Sev3, d => d.Label("service", "search"), "declare-1");
        Assert.Equal((first.Value!.Id, false, true), (again.Value!.Id, first.Replayed, again.Replayed));

        var refused = await Of("@dev").RaiseHaltAsync(HaltScope.All, "mine");
        Assert.False(refused.IsAccepted);
        Assert.Equal(Rules.HaltRole, refused.Refusal?.Rule);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Of("@dev", "ia_aaaaaaaaaa_00").Incident(first.Value.Id).GetAsync());
        await Assert.ThrowsAsync<KeyNotFoundException>(async () => await Of("@dev").Incident("INC-0").WatchAsync().GetAsyncEnumerator().MoveNextAsync());
    }

    /// <summary>The actors as a silo's own host reaches them.</summary>
    private ClusterActors Inside => silos.Of<ClusterActors>(silos.Cluster.Silos[0]);

    private IncidentClient Of(string handle) => Of(handle, secrets[handle]);

    private IncidentClient Of(string handle, string secret) =>
        silos.Cluster.Client.ServiceProvider.GetRequiredService<IncidentClient>().As(handle, secret);

    private async Task<int> NotesAsync(string incident) =>
        (await silos.Journal.HistoryAsync(ActorId.Incident(incident), 0, 1000, CancellationToken.None)).Count(one => one.Name == "incident.noted.v1");
}
