using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Incidents;

/// <summary>Declaring is idempotent, and alerts of an ongoing incident join it.</summary>
public sealed class DeclarationsTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task The_same_deduplication_key_gives_the_same_incident_while_it_is_ongoing()
    {
        var first = await DeclareAsync("k1", dedup: "d");
        Assert.Equal((first, false), (await DeclareAsync("k2", dedup: "d"), Created));
        await OkAsync(engine.Incident(first).DoAsync(new CancelIncident("false alarm"), By("@pm")));
        Assert.NotEqual(first, await DeclareAsync("k3", dedup: "d"));
        Assert.Equal((first, false), (await DeclareAsync("k2", dedup: "d"), Created));
        Assert.Equal((first, true), (await DeclareAsync("k1", dedup: "d"), Created));
    }

    [Fact]
    public async Task An_alert_that_another_incident_has_is_news_for_that_one()
    {
        var one = await DeclareAsync("k1", group: "g1", alerts: ["a"]);
        var two = await DeclareAsync("k2", group: "g2", alerts: ["b"]);
        Assert.Equal(two, await DeclareAsync("k3", group: "g2", alerts: ["a", "c"], status: AlertStatus.Resolved));
        Assert.Equal(AlertStatus.Resolved, Assert.Single((await engine.Incident(one).GetAsync())!.Alerts).Status);
        Assert.Equal(["b", "c"], (await engine.Incident(two).GetAsync())!.Alerts.Select(alert => alert.Fingerprint));
    }

    [Fact]
    public async Task When_all_alerts_have_resolved_that_is_said_and_nothing_closed()
    {
        var id = await DeclareAsync("k1", group: "g", alerts: ["a", "b"]);
        await DeclareAsync("k2", group: "g", alerts: ["a"], status: AlertStatus.Resolved);
        Assert.False((await engine.Incident(id).GetAsync())!.ResolutionSuggested);
        await DeclareAsync("k3", group: "g", alerts: ["b"], status: AlertStatus.Resolved);
        await engine.PassAsync(TimeSpan.FromSeconds(1));
        var view = (await engine.Incident(id).GetAsync())!;
        Assert.Equal((true, IncidentStatus.Declared), (view.ResolutionSuggested, view.Status));
        Assert.Contains(
            await engine.Journal.InboxAsync("@pm", 10, CancellationToken.None),
            stored => stored.Message.Subject == $"All alerts of {id} have resolved");
        await DeclareAsync("k4", group: "g", alerts: ["a"]);
        Assert.False((await engine.Incident(id).GetAsync())!.ResolutionSuggested);
    }

    private bool? Created { get; set; }

    private async Task<string> DeclareAsync(
        string key, string? dedup = null, string? group = null, ImmutableArray<string> alerts = default, AlertStatus status = AlertStatus.Firing)
    {
        var seen = (alerts.IsDefault ? [] : alerts).Select(name => new AlertSeen(name, name, status, engine.Time.GetUtcNow(), null, null));
        var answer = await OkAsync(engine.Declarations.DeclareAsync(
            new DeclareIncident("down", Severity.Sev3, DedupKey: dedup, Group: group, Alerts: [.. seen]),
            By("@alertmanager", key)));
        Created = answer.Answer.GetProperty("created").GetBoolean();
        return answer.Answer.GetProperty("id").GetString()!;
    }
}
