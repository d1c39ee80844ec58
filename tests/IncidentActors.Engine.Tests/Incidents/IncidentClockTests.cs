using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Incidents;

/// <summary>Response clocks, assessment, mitigation: told step by step until somebody acts, standing still under a halt.</summary>
public sealed class IncidentClockTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task The_escalation_moves_on_step_by_step_and_the_view_says_where_it_stands()
    {
        var id = await DeclareAsync(Severity.Sev2);
        var seen = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            await engine.PassAsync(i == 0 ? TimeSpan.FromMinutes(30) : TimeSpan.FromMinutes(5));
            seen.Add((await PositionAsync(id, "respond"))!.Told.Single());
        }

        Assert.Equal(["@marcus", "@jonny", "@operator", "@operator"], seen);
        Assert.Equal(3, (await PositionAsync(id, "respond"))!.Step);
        await engine.PassAsync(TimeSpan.FromHours(2));
        Assert.Equal(5, (await PositionAsync(id, "respond"))!.Step);
    }

    [Fact]
    public async Task An_assessment_that_is_late_tells_the_commander_until_it_is_there()
    {
        var id = await DeclareAsync(Severity.Sev2);
        await engine.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal<IEnumerable<string>>(["@pm"], (await PositionAsync(id, "assess"))!.Told);
        await OkAsync(engine.Incident(id).DoAsync(new AssessIncident("checkout", "all", "14:23", "deploy"), By("@dev")));
        await engine.PassAsync(TimeSpan.FromHours(3));

        Assert.Equal(1, (await PositionAsync(id, "assess"))!.Step);
    }

    [Theory]
    [InlineData("bad-deployment", "rollback", 2)]
    [InlineData("feature-bug", "feature-flag", 1)]
    [InlineData("external-service-down", "fallback", 5)]
    [InlineData("database-issue", "read-replica", 10)]
    public async Task A_mitigation_is_tracked_against_the_minutes_of_its_scenario(string scenario, string action, int minutes)
    {
        var id = await DeclareAsync(Severity.Sev2);
        await OkAsync(engine.Incident(id).DoAsync(new MitigateIncident(Scenario: scenario), By("@dev")));
        var mitigation = (await engine.Incident(id).GetAsync())!.Mitigations.Single();
        Assert.Equal((action, minutes), (mitigation.Action, mitigation.ExpectedMinutes));
        await engine.PassAsync(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.Null(await PositionAsync(id, "mitigation"));
        await engine.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal<IEnumerable<string>>(["@pm"], (await PositionAsync(id, "mitigation"))!.Told);
        Assert.Contains(
            await engine.Journal.InboxAsync("@pm", 100, default),
            stored =>
                stored.Message.Type == MessageType.Escalation
                    && stored.Message.Subject.Contains($"longer than its {minutes} min", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rollback")]
    [InlineData("feature-flag")]
    [InlineData("traffic-routing")]
    [InlineData("scale-up")]
    public async Task A_mitigation_in_time_is_told_to_nobody(string action)
    {
        var id = await DeclareAsync(Severity.Sev2);
        await OkAsync(engine.Incident(id).DoAsync(new MitigateIncident(action, ExpectedMinutes: 5), By("@dev")));
        await OkAsync(engine.Incident(id).DoAsync(new MitigateIncident(Done: true), By("@dev")));
        await engine.PassAsync(TimeSpan.FromHours(1));

        Assert.Null(await PositionAsync(id, "mitigation"));
    }

    [Fact]
    public async Task Clocks_of_halted_work_stand_still_and_keep_what_was_left()
    {
        var id = await DeclareAsync(Severity.Sev3);
        await engine.PassAsync(TimeSpan.FromMinutes(110));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        await engine.PassAsync(TimeSpan.FromHours(9));
        Assert.Null(await PositionAsync(id, "respond"));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        await engine.PassAsync(TimeSpan.FromMinutes(9));
        Assert.Null(await PositionAsync(id, "respond"));
        await engine.PassAsync(TimeSpan.FromMinutes(2));

        Assert.NotNull(await PositionAsync(id, "respond"));
    }

    [Fact]
    public async Task The_clock_of_the_incident_that_halts_goes_on()
    {
        var id = await DeclareAsync(Severity.Sev1);
        await engine.PassAsync(TimeSpan.FromMinutes(16));

        Assert.NotNull(await PositionAsync(id, "respond"));
    }

    [Fact]
    public async Task Alerts_that_ended_before_they_began_are_refused()
    {
        var alert = new AlertSeen("f", "Down", AlertStatus.Resolved, engine.Time.GetUtcNow(), engine.Time.GetUtcNow().AddMinutes(-1), null);
        await RefusedAsync(engine.Declarations.DeclareAsync(Declare(Severity.Sev2) with { Alerts = [alert] }, By("@dev")), Rules.IncidentTimes);
        await RefusedAsync(
            engine.Declarations.DeclareAsync(Declare(Severity.Sev2) with { StartedAt = engine.Time.GetUtcNow().AddHours(1) }, By("@dev")),
            Rules.IncidentTimes);
        var id = await DeclareAsync(Severity.Sev2);
        await RefusedAsync(engine.Incident(id).DoAsync(new JoinAlerts(null, [alert], null), By("@dev")), Rules.IncidentTimes);
        engine.Time.AdjustTime(engine.Time.GetUtcNow().AddHours(-1));
        await RefusedAsync(
            engine
                .Incident(id)
                .DoAsync(new ResolveIncident(Verified: ["error-rate", "metrics", "user-reports", "no-new-issues"]), By("@pm")),
            Rules.IncidentTimes);
    }

    private static DeclareIncident Declare(Severity severity) =>
        new("Checkout is down", severity, null, null, null, ImmutableSortedDictionary<string, string>.Empty, "api", null, null, []);

    private async Task<string> DeclareAsync(Severity severity) =>
        (await OkAsync(engine.Declarations.DeclareAsync(Declare(severity), By("@dev")))).Answer.GetProperty("id").GetString()!;

    private async Task<EscalationPosition?> PositionAsync(string id, string clock) =>
        (await engine.Incident(id).GetAsync())!.Escalations.FirstOrDefault(one => one.Clock == clock);
}
