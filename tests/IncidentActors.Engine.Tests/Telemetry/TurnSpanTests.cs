using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Telemetry;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Telemetry;

/// <summary>Which spans turns give, with which times.</summary>
public sealed class TurnSpanTests : IAsyncDisposable
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly TestEngine engine = new();
    private readonly List<SpanDraft> spans = [];

    /// <summary>Turns of different actors that come due together are told of on different threads.</summary>
    public TurnSpanTests() => engine.Turns.Committed += turn =>
    {
        lock (spans) spans.AddRange(TurnSpans.Of(turn));
    };

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task A_declaration_is_the_root_and_what_follows_stands_under_it()
    {
        var id = await DeclareAsync(Severity.Sev1);
        Assert.Equal(
            [("incident.declare", null), ("incident.halt.raise", $"incident/{id}"), ("incident.atp.transition InProgress", $"incident/{id}")],
            spans.Select(span => (span.Name, span.Parent?.ToString())));
        Assert.Equal(Caller, spans[0].Link);
        var raised = spans.Single(span => span.Name == "incident.halt.raise");
        Assert.Equal("incident.halt.fence", Assert.Single(raised.Children).Name);
    }

    [Fact]
    public async Task A_transition_lasts_as_long_as_the_status_that_it_left()
    {
        var id = await DeclareAsync(Severity.Sev3);
        var declared = engine.Time.GetUtcNow();
        await engine.PassAsync(TimeSpan.FromMinutes(7));
        await OkAsync(engine.Incident(id).DoAsync(new MitigateIncident("rollback"), By("@pm")));
        await engine.PassAsync(TimeSpan.FromMinutes(11));
        await OkAsync(engine.Incident(id).DoAsync(new MitigateIncident("rollback", Done: true), By("@pm")));
        var transitions = spans.Where(span => span.Name.StartsWith("incident.transition", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            [("incident.transition mitigating", declared, 7d), ("incident.transition monitoring", declared.AddMinutes(7), 11d)],
            transitions.Select(span => (span.Name, span.Start, (span.End - span.Start).TotalMinutes)));
    }

    [Fact]
    public async Task Times_that_run_out_are_escalations_of_the_incident()
    {
        var id = await DeclareAsync(Severity.Sev2);
        await engine.PassAsync(TimeSpan.FromMinutes(31));
        var escalations = spans.Where(span => span.Name == "incident.escalate").ToList();
        Assert.Contains(escalations, span => span.Tags.Contains(new(Names.EscalationClock, "respond")));
        Assert.Contains(escalations, span => span.Tags.Contains(new(Names.EscalationClock, "assess")));
        Assert.All(escalations, span => Assert.Equal(ActorId.Incident(id), span.Parent));
    }

    [Fact]
    public async Task Work_without_an_incident_gives_no_spans_and_a_halt_by_hand_has_a_trace_of_its_own()
    {
        await OkAsync(engine.Atp("AT-1").DoAsync(new Core.Atps.CreateAtp("work", "task", "standard"), By("@dev")));
        Assert.Empty(spans);
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        await engine.PassAsync(TimeSpan.FromMinutes(3));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        Assert.Equal(
            [("incident.halt.raise", null, 0d), ("incident.halt.lift", "halt/HLT-1", 3d)],
            spans.Select(span => (span.Name, span.Parent?.ToString(), (span.End - span.Start).TotalMinutes)));
    }

    [Fact]
    public async Task A_permit_that_a_halt_has_ended_is_a_span_from_its_grant_to_its_report()
    {
        var book = new PermitBook(engine.Turns);
        var permit = await OkAsync(book.RequestAsync(new RequestPermit("deploy", "checkout"), By("@sre")));
        var granted = engine.Time.GetUtcNow();
        await engine.PassAsync(TimeSpan.FromSeconds(20));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        await engine.PassAsync(TimeSpan.FromSeconds(5));
        var id = permit.Answer.GetProperty("id").GetString()!;
        await OkAsync(book.DoAsync(id, new EndPermit(PermitOutcome.Unknown, "stopped"), By("@sre")));
        var span = Assert.Single(spans, span => span.Name == SpanCatalogue.HaltPermit.Name);
        Assert.Equal(("halt/HLT-1", granted, 25d), (span.Parent?.ToString(), span.Start, (span.End - span.Start).TotalSeconds));
        Assert.Contains(new(Names.Permit, id), span.Tags);
    }

    private async Task<string> DeclareAsync(Severity severity)
    {
        var declare = new DeclareIncident("Checkout is down", severity);
        var accepted = await OkAsync(engine.DeclareAsync(declare, By("@pm") with { Trace = Caller }));
        await engine.PassAsync(TimeSpan.Zero);
        return accepted.Answer.GetProperty("id").GetString()!;
    }
}
