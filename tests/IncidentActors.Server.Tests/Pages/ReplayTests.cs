using System.Text.Json;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Replays;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

public sealed class ReplayTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;
    private PlayedEmergency played = null!;
    private Replay replay = null!;

    public async Task InitializeAsync()
    {
        // Nobody is sent what the played agents owe, however long a test takes: what is replayed is what is there.
        server = await ServerUnderTest.StartAsync(options => options with { Policy = options.Policy with { OwedGrace = TimeSpan.FromDays(1) } });
        played = await PlayedEmergency.PlayAsync(server);
        replay = (await server.Server.Engine.Dossiers.ReplayAsync(played.Incident, CancellationToken.None))!;
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_last_moment_is_the_present()
    {
        var moment = replay.After(replay.Steps[^1]);
        var engine = server.Server.Engine;
        Assert.Equal(Json(await engine.Actors.Incident(played.Incident).GetAsync()), Json(moment.Incident));
        Assert.Equal([played.Atp, played.Postmortem], moment.Atps.Select(atp => atp.Id));
        foreach (var atp in moment.Atps) Assert.Equal(await DocumentAsync(ActorId.Atp(atp.Id)), States.Write(atp));
        foreach (var approval in moment.Approvals) Assert.Equal(await DocumentAsync(ActorId.Approval(approval.Id)), States.Write(approval));
        Assert.Equal(2, moment.Approvals.Length);
        Assert.Equal(await DocumentAsync(ActorId.Halt(Assert.Single(moment.Halts).Id)), States.Write(moment.Halts[0]));
    }

    [Fact]
    public async Task A_step_that_only_sends_a_message_says_which()
    {
        (await server.PostAsync(
            "/api/tools/message_send",
            "@dev",
            new { atpId = played.Postmortem, toAgent = "@operator", messageType = "Blocker", subject = "Who talks to the bank?", body = "Timeouts." })).IsOk();
        replay = (await server.Server.Engine.Dossiers.ReplayAsync(played.Incident, CancellationToken.None))!;
        Assert.Equal("Blocker from @dev to @operator: Who talks to the bank?", ReplayLine.Short(replay.Steps[^1]));
    }

    [Fact]
    public async Task Every_earlier_moment_is_the_fold_of_the_events_up_to_it()
    {
        var events = (await server.Server.Engine.Journal.FeedAsync(null, 10_000, played.Incident, CancellationToken.None)).Events;
        Assert.True(replay.Steps.Length > 8);
        Assert.Equal(Enumerable.Range(1, replay.Steps.Length), replay.Steps.Select(step => step.Number));
        Assert.Equal(events.Length, replay.Steps[^1].Events);
        Assert.Equal(events.Length, replay.Steps.Sum(step => step.Happened.Length));
        foreach (var step in replay.Steps)
        {
            var moment = replay.After(step);
            var before = events.Take(step.Events).ToLookup(one => one.Actor);
            Assert.Equal(before.Count(one => one.Key.Kind == ActorKind.Atp), moment.Atps.Length);
            Assert.Equal(before.Count(one => one.Key.Kind == ActorKind.Halt), moment.Halts.Length);
            Assert.Equal(
                Json(IncidentView.Of(
                    Fold<IncidentState>(before, ActorId.Incident(played.Incident), IncidentState.Evolve),
                    before[ActorId.Incident(played.Incident)].Count())),
                Json(moment.Incident));
            foreach (var atp in moment.Atps) Assert.Equal(States.Write(Fold<AtpState>(before, ActorId.Atp(atp.Id), AtpState.Evolve)), States.Write(atp));
            foreach (var halt in moment.Halts) Assert.Equal(States.Write(Fold<HaltState>(before, ActorId.Halt(halt.Id), HaltState.Evolve)), States.Write(halt));
        }
    }

    [Fact]
    public async Task The_page_shows_any_moment_without_a_script()
    {
        var path = $"/incidents/{played.Incident}/replay";
        var first = (await server.GetAsync($"{path}?at=1")).IsOk().Body;
        Assert.Contains(">declared</strong>", first);
        Assert.Contains("Declared", first);
        Assert.Contains("version 1, now in InProgress", first);
        Assert.DoesNotContain(played.Postmortem, first);
        Assert.Contains($"type=\"range\" name=\"at\" min=\"1\" max=\"{replay.Steps.Length}\"", first);
        Assert.Contains($"href=\"{path}?at=2\"", first);
        Assert.Contains($"/halts/{played.OtherHalt}", first);

        var last = (await server.GetAsync(path)).IsOk().Body;
        Assert.Contains(">resolved</strong>", last);
        Assert.Contains("version 1, now in Closed", last);
        Assert.Contains(played.Postmortem, last);
        Assert.Contains("the present", last);
        Assert.Contains($"Replay: step {replay.Steps.Length} of {replay.Steps.Length}", (await server.GetAsync($"{path}?at=99999")).IsOk().Body);
        Assert.Contains("Replay: step 1 of", (await server.GetAsync($"{path}?at=2001-01-01T00:00:00Z")).IsOk().Body);
        Assert.Contains($"Replay: step {replay.Steps.Length} of", (await server.GetAsync($"{path}?at=%00%ff%3Cscript%3E")).IsOk().Body);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await server.GetAsync("/incidents/INC-0/replay")).Status);
    }

    [Fact]
    public async Task A_halt_of_elsewhere_is_shown_while_it_was_in_force_and_not_after()
    {
        (await server.PostAsync($"/api/halts/{played.OtherHalt}/lift", "@operator", "")).IsOk();
        (await server.PostAsync($"/api/incidents/{played.Incident}/note", "@pm", new { text = "after the lift" })).IsOk();
        var path = $"/incidents/{played.Incident}/replay";
        Assert.Contains($"/halts/{played.OtherHalt}", (await server.GetAsync($"{path}?at=3")).IsOk().Body);
        Assert.DoesNotContain($"/halts/{played.OtherHalt}", (await server.GetAsync(path)).IsOk().Body);
    }

    [Fact]
    public void What_is_committed_together_is_one_step()
    {
        Assert.Contains(replay.Steps[0].Happened, one => one.Event is IncidentDeclared);
        Assert.Contains(replay.Steps[0].Happened, one => one.Event is AtpMoved);
        Assert.All(replay.Steps, step => Assert.All(replay.After(step).Atps, atp => Assert.NotEqual("", atp.Status)));
        Assert.Equal(replay.Steps[3], replay.StepAt(replay.Steps[3].At));
        Assert.Equal(replay.Steps[0], replay.StepAt(DateTimeOffset.MinValue));
        Assert.Throws<InvalidOperationException>(() => new Replay(played.Incident, new List<TimelineEvent>()));
    }

    private static T Fold<T>(ILookup<ActorId, Engine.Journals.StoredEvent> events, ActorId actor, Func<string, T?, RecordedEvent, T?> evolve)
        where T : class =>
        events[actor].Aggregate(
            (T?)null, (state, one) => evolve(actor.Key, state, new RecordedEvent(EventTypes.Read(one.Name, one.Payload.Span), one.At, one.By)))!;

    private async Task<byte[]> DocumentAsync(ActorId actor) =>
        (await server.Server.Engine.Journal.LoadAsync(actor, CancellationToken.None))!.Document.ToArray();

    private static string Json(IncidentView? view) => JsonSerializer.Serialize(view, CoreJson.Views.GetTypeInfo(typeof(IncidentView)));
}
