using System.Net;
using System.Text;
using IncidentActors.Core.Halts;

namespace IncidentActors.Server.Tests.Http;

public sealed class HaltTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_halt_refuses_covered_work_until_it_is_lifted()
    {
        (await server.PostAsync("/api/tools/atp_create", "@qa", new { title = "Test things", owner = "@qa" })).IsOk();
        var raised = await server.PostAsync("/api/halts", "@operator", new { scope = "agent:QA", reason = "wrong branch" });
        var halt = raised.Is(HttpStatusCode.Created).Json;
        Assert.Equal($"/api/halts/{halt.Text("id")}", raised.Location);
        Assert.Equal(("agent:@qa", "active"), (halt.Text("scope"), halt.Text("status")));

        var refused = (await server.PostAsync("/api/tools/atp_create", "@qa", new { title = "More tests" }, key: "more")).Refused(423, "halt.covers");
        Assert.Equal("wrong branch", refused.GetProperty("halt").Text("reason"));
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Other work" })).IsOk();

        var view = (await server.GetAsync(raised.Location!)).IsOk().Json;
        Assert.True(Assert.Single(view.List("nodes")).GetProperty("confirmed").GetBoolean());
        Assert.False(Assert.Single(view.List("agents")).GetProperty("confirmed").GetBoolean());
        var peek = (await server.GetAsync("/api/agents/@qa/inbox")).IsOk().Json;
        Assert.Single(peek.List("setAside"));
        Assert.False((await server.GetAsync(raised.Location!)).IsOk().Json.List("agents")[0].GetProperty("confirmed").GetBoolean());
        Assert.Equal("halted", (await server.GetAsync("/api/agents/@qa")).IsOk().Json.Text("status"));
        Assert.Single((await server.GetAsync("/api/agents/@qa/inbox", "@qa")).IsOk().Json.List("halts"));
        Assert.True((await server.GetAsync(raised.Location!)).IsOk().Json.List("agents")[0].GetProperty("confirmed").GetBoolean());

        (await server.PostAsync($"{raised.Location}/lift", "@dev", new { })).Refused(403, "halt.role");
        Assert.Equal("lifted", (await server.PostAsync($"{raised.Location}/lift", "@operator", "")).IsOk().Json.Text("status"));
        var again = (await server.PostAsync($"{raised.Location}/lift", "@operator", new { })).Refused(409, "halt.lifted");
        Assert.Equal("lifted", again.GetProperty("current").Text("status"));
        Assert.False((await server.PostAsync("/api/tools/atp_create", "@qa", new { title = "More tests" }, key: "more")).IsOk().Replayed);
        var inbox = (await server.GetAsync("/api/agents/@qa/inbox", "@qa")).IsOk().Json;
        Assert.Single(inbox.List("resumed"));
        Assert.Empty(inbox.List("setAside"));
        Assert.Single((await server.GetAsync("/api/halts?state=lifted")).Items());
        Assert.Empty((await server.GetAsync("/api/halts?state=active")).Items());
    }

    [Theory]
    [InlineData("reason")]
    [InlineData("notes")]
    public async Task Lifting_says_why_under_either_name_but_not_under_both(string name)
    {
        var id = (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" })).Is(HttpStatusCode.Created).Json.Text("id");
        (await server.PostAsync($"/api/halts/{id}/lift", "@operator", new { reason = "a", notes = "b" })).Refused(400, "argument.malformed");
        (await server.PostAsync($"/api/halts/{id}/lift", "@operator", new Dictionary<string, string> { [name] = "It is over" })).IsOk();
        var events = (await server.Server.Engine.Journal.FeedAsync(null, 100, null, CancellationToken.None)).Events;
        Assert.Contains("It is over", Encoding.UTF8.GetString(events.Single(one => one.Name == "halt.lifted.v1").Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_halt_of_everything_is_lifted_scope_by_scope()
    {
        var id = (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" })).Is(HttpStatusCode.Created).Json.Text("id");
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "x" })).Refused(423, "halt.covers");
        (await server.PostAsync($"/api/halts/{id}/lift", "@operator", new { scope = "agent:@dev" })).IsOk();
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "x" })).IsOk();
        (await server.PostAsync("/api/tools/atp_create", "@qa", new { title = "x" })).Refused(423, "halt.covers");
        (await server.PostAsync($"/api/halts/{id}/ack", "@qa", new { notes = "stopped" })).IsOk();
        Assert.Equal(1, (await server.GetAsync($"/api/halts/{id}")).IsOk().Json.GetProperty("agentsConfirmed").GetInt32());
    }

    [Fact]
    public async Task What_is_refused_because_its_incident_is_over_shows_the_incident()
    {
        var id = (await server.DeclareAsync()).Text("id");
        (await server.PostAsync($"/api/incidents/{id}/cancel", "@pm", new { reason = "false alarm" })).IsOk();
        var halt = await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "x", incident = id });
        var atp = await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "x", incidentId = id });

        foreach (var current in new[] { halt, atp }.Select(reply => reply.Refused(409, "incident.closed").GetProperty("current")))
            Assert.Equal((id, "canceled"), (current.Text("id"), current.Text("status")));
    }

    [Fact]
    public async Task Of_more_agents_than_are_shown_those_that_have_not_confirmed_come_first()
    {
        (await server.GetAsync("/api/agents/@quiet/inbox", "@quiet")).IsOk();
        var id = (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" })).Is(HttpStatusCode.Created).Json.Text("id");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, HaltView.MaxAgents),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (number, _) => (await server.GetAsync($"/api/agents/@a{number}/inbox", $"@a{number}")).IsOk());

        var view = (await server.GetAsync($"/api/halts/{id}")).IsOk().Json;
        Assert.Equal(
            (HaltView.MaxAgents + 1, HaltView.MaxAgents),
            (view.GetProperty("agentsCovered").GetInt32(), view.GetProperty("agentsConfirmed").GetInt32()));
        Assert.Equal(HaltView.MaxAgents, view.List("agents").Length);
        Assert.Equal("@quiet", view.List("agents")[0].Text("agent"));
        Assert.Single(view.List("agents"), agent => !agent.GetProperty("confirmed").GetBoolean());
    }

    [Fact]
    public async Task What_cannot_be_halted_is_refused()
    {
        (await server.PostAsync("/api/halts", "@operator", new { scope = "planet:earth", reason = "x" })).Refused(400, "argument.malformed");
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all" })).Refused(400, "argument.missing");
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "x", incident = "INC-1" })).Refused(404, "incident.unknown");
        (await server.PostAsync("/api/halts", "@dev", new { scope = "all", reason = "x" })).Refused(403, "halt.role");
        (await server.PostAsync("/api/halts/HLT-1/lift", "@operator", new { })).Refused(404, "halt.unknown");
        (await server.PostAsync("/api/halts/HLT-1/ack", "@dev", new { })).Refused(404, "halt.unknown");
        (await server.GetAsync("/api/halts/HLT-1")).Refused(404, "halt.unknown");
        (await server.GetAsync("/api/halts?state=odd")).Refused(400, "argument.malformed");
        Assert.Empty((await server.GetAsync("/api/halts")).Items());
    }

    /// <summary>A halt is answered only when it stops what it names; of a name that nothing can have it would stop nothing.</summary>
    [Theory]
    [InlineData("atp: {0}", true)]
    [InlineData("ATP:{0} ", true)]
    [InlineData(" ALL", true)]
    [InlineData("Agent: DEV", true)]
    [InlineData("atp:../{0}", false)]
    [InlineData("atp:{0} é", false)]
    [InlineData("team:x\ny", false)]
    [InlineData("team: ", false)]
    [InlineData("all:everything", false)]
    public async Task A_scope_as_people_type_it_stops_what_it_names_or_is_refused(string typed, bool understood)
    {
        var atp = (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "x", owner = "@dev" })).IsOk().Json.Text("id");
        var scope = string.Format(System.Globalization.CultureInfo.InvariantCulture, typed, atp);
        var raised = await server.PostAsync("/api/halts", "@operator", new { scope, reason = "stop" });
        var worked = await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = atp, notes = "x" });
        if (understood)
        {
            raised.Is(HttpStatusCode.Created);
            worked.Refused(423, "halt.covers");
        }
        else
        {
            raised.Refused(400, "argument.malformed");
            worked.IsOk();
        }
    }

    [Fact]
    public async Task Alerts_declare_under_a_halt_of_everything()
    {
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" })).Is(HttpStatusCode.Created);
        const string Alert = """
            {
              "version": "4",
              "groupKey": "g",
              "alerts": [{ "status": "firing", "labels": { "alertname": "Down", "severity": "critical" }, "fingerprint": "f" }]
            }
            """;
        (await server.PostAsync("/webhooks/alertmanager", null, Alert)).IsOk();
        (await server.PostAsync("/api/incidents", "@dev", new { title = "x", severity = "P2" })).Is(HttpStatusCode.Created);
        Assert.DoesNotContain(
            (await server.GetAsync("/api/halts")).Items().SelectMany(halt => halt.List("agents")),
            agent => agent.Text("agent") == "@alertmanager");
    }
}
