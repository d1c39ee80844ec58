using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Routes;
using IncidentActors.Engine.Journals;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Halts;

/// <summary>Seed 003: each condition from a signal to halted agents, directed responders and a moving escalation.</summary>
public sealed class ConditionTests : IAsyncDisposable
{
    private TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Theory]
    [InlineData("condition", "production-down", "production-down", "@owen @derek", "@marcus @jonny @operator")]
    [InlineData("signal", "leaked-credential", "security-breach", "@victor @sam", "@marcus @jonny @luna @operator")]
    [InlineData("signal", "failed-migration", "data-loss", "@diana @steve", "@marcus @jonny @operator")]
    [InlineData("signal", "incorrect-charge", "financial-error", "@felix @sterling", "@marcus @jonny @operator")]
    public async Task A_signal_halts_directs_and_escalates(string label, string value, string condition, string first, string chain)
    {
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("ordinary work", Flow: "standard", Owner: "@qa"), By("@qa")));
        var incident = await DeclareAsync(label, value, Severity.Sev2);

        Assert.Equal<IEnumerable<string>>([condition], incident.Conditions);
        var halt = (await engine.Halt(incident.Halts.Single()).GetAsync())!;
        Assert.Equal((condition, HaltMode.Enforce, incident.Id), (halt.Condition, halt.Mode, halt.IncidentId));
        await RefusedAsync(engine.Atp("AT-1").DoAsync(new SetAtp("InProgress"), By("@qa")), Rules.Halted);
        foreach (var handle in first.Split(' '))
        {
            Assert.Contains(incident.Responders, responder => responder.Handle == handle);
            Assert.Contains(await InboxAsync(handle), message => message is { Type: MessageType.EmergencyDirective, RequiresAck: true });
        }

        await engine.PassAsync(TimeSpan.FromHours(1));
        foreach (var handle in chain.Split(' '))
        {
            Assert.Contains(
                await InboxAsync(handle),
                message =>
                    message.Type == MessageType.Escalation && message.Subject.Contains("not acknowledged", StringComparison.Ordinal));
        }

        var position = (await engine.Incident(incident.Id).GetAsync())!.Escalations.Single(one => one.Clock == "respond");
        Assert.Equal(chain, string.Join(' ', position.Chain));
        Assert.Equal(chain.Split(' ').Length, Math.Min(position.Step, position.Chain.Length));
    }

    [Fact]
    public async Task A_financial_error_tells_the_whole_chain_at_once()
    {
        await DeclareAsync("condition", "financial-error", Severity.Sev2);

        foreach (var handle in new[] { "@marcus", "@jonny" })
            Assert.Contains(await InboxAsync(handle), message => message.Type == MessageType.Escalation);
        Assert.Empty(await InboxAsync("@luna"));
    }

    [Fact]
    public async Task The_others_tell_nobody_of_the_chain_before_its_time()
    {
        var incident = await DeclareAsync("condition", "production-down", Severity.Sev2);

        Assert.Empty(await InboxAsync("@marcus"));
        await engine.PassAsync(TimeSpan.FromMinutes(16));
        Assert.Equal<IEnumerable<string>>(["@marcus"], (await engine.Incident(incident.Id).GetAsync())!.Escalations.Single(one => one.Clock == "respond").Told);
    }

    [Fact]
    public async Task Acknowledging_stops_the_escalation()
    {
        var incident = await DeclareAsync("condition", "production-down", Severity.Sev2);
        await OkAsync(engine.Incident(incident.Id).DoAsync(new AcknowledgeIncident(), By("@owen")));
        await engine.PassAsync(TimeSpan.FromHours(2));

        Assert.DoesNotContain(
            await InboxAsync("@marcus"),
            message =>
                message.Subject.Contains("not acknowledged", StringComparison.Ordinal)
                    && message.Subject.Contains(incident.Id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shadow")]
    [InlineData("warn")]
    public async Task Shadow_and_warn_record_what_would_have_been_halted_and_stop_nothing(string mode)
    {
        await UseAsync(mode);
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("ordinary work", Flow: "standard", Owner: "@qa"), By("@qa")));
        var incident = await DeclareAsync("condition", "production-down", Severity.Sev3);

        await OkAsync(engine.Atp("AT-1").DoAsync(new SetAtp("InProgress"), By("@qa")));
        var halt = (await engine.Halt(incident.Halts.Single()).GetAsync())!;
        Assert.Equal((mode, "production-down", null), (halt.Status, halt.Condition, halt.FencedAt));
        Assert.Contains(halt.Agents, agent => agent.Agent == "@qa");
        Assert.Empty(await engine.Journal.HaltsAsync(null, default));
        Assert.Equal(mode == "warn", (await InboxAsync("@operator")).Any(message => message.Subject.Contains("would halt", StringComparison.Ordinal)));
        Assert.Equal(mode == "warn", (await InboxAsync("@derek")).Any(message => message.Type == MessageType.EmergencyDirective));
    }

    [Fact]
    public async Task An_alert_that_joins_adds_its_condition_once()
    {
        var incident = await DeclareAsync("service", "shop", Severity.Sev3);
        Assert.Empty(incident.Halts);
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("condition", "production-down");
        for (var i = 0; i < 2; i++)
            await OkAsync(engine.Incident(incident.Id).DoAsync(new JoinAlerts(null, [Alert($"f{i}")], null, labels), By("@monitoring")));

        var view = (await engine.Incident(incident.Id).GetAsync())!;
        Assert.Equal<IEnumerable<string>>(["production-down"], view.Conditions);
        Assert.Single(view.Halts);
        await engine.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Single(await InboxAsync("@owen"), message => message.Type == MessageType.EmergencyDirective);
    }

    [Fact]
    public async Task A_severity_1_with_a_condition_raises_one_halt_named_by_the_condition()
    {
        var incident = await DeclareAsync("condition", "data-loss", Severity.Sev1);

        Assert.Equal("data-loss", (await engine.Halt(incident.Halts.Single()).GetAsync())!.Condition);
        Assert.Equal(IncidentCategory.Data, incident.Category);
    }

    private async Task UseAsync(string mode)
    {
        var yaml = $$"""
            conditions: [{ id: production-down, category: availability, mode: {{mode}} }]
            rules: [{ name: mine, when: { labels: { condition: [production-down] } }, set: { condition: production-down } }]
            """;
        await engine.DisposeAsync();
        engine = new TestEngine(configure: options => options with { Routes = RoutesYaml.Parse(yaml, "mine.yaml") });
    }

    private async Task<IncidentView> DeclareAsync(string label, string value, Severity severity)
    {
        var answer = await OkAsync(engine.Declarations.DeclareAsync(
            new DeclareIncident("Shop is down", severity, Labels: ImmutableSortedDictionary<string, string>.Empty.Add(label, value), Source: "alertmanager"),
            By("@monitoring")));
        return (await engine.Incident(answer.Answer.GetProperty("id").GetString()!).GetAsync())!;
    }

    private async Task<List<MessageRecord>> InboxAsync(string handle) =>
        [.. (await engine.Journal.InboxAsync(handle, 100, default)).Select(stored => stored.Message)];

    private AlertSeen Alert(string fingerprint) => new(fingerprint, "SiteDown", AlertStatus.Firing, engine.Time.GetUtcNow(), null, null);
}
