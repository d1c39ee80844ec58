using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Halts.Conditions;

/// <summary>One notification tells of several alerts: what any of them says of itself counts, whichever of them is the worst.</summary>
public class GroupTests
{
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;

    private readonly Stage stage = new();

    private AlertSignal Worst { get; } = new("a", None.Add("severity", "high"));

    private AlertSignal FailedMigration { get; } = new("b", None.Add("signal", "failed-migration"));

    private AlertSignal DataLoss { get; } = new("b", None.Add("impact", "data-loss"));

    [Fact]
    public void A_new_group_halts_by_the_alert_that_is_not_the_worst()
    {
        var incident = Declared(Worst, FailedMigration);
        var halt = Assert.Single(stage.All<HaltState>());
        Assert.Equal(("data-loss", incident, Severity.Sev1), (halt.Condition, halt.IncidentId, stage.Incident(incident).Severity));
        Assert.Superset(new HashSet<string> { "@diana", "@steve" }, stage.Incident(incident).Responders.Select(responder => responder.Handle).ToHashSet());
    }

    [Fact]
    public void A_criterion_that_any_alert_meets_makes_it_SEV_1()
    {
        var state = stage.Incident(Declared(Worst, DataLoss));
        Assert.Equal((Severity.Sev1, IncidentCategory.Data, "Loss occurring"), (state.Severity, state.Category, state.Criterion));
    }

    [Fact]
    public void A_growing_group_halts_by_the_alert_that_is_news()
    {
        var incident = Declared(Worst);
        Assert.Empty(stage.All<HaltState>());
        Join(incident, Worst, FailedMigration);
        Assert.Equal("data-loss", Assert.Single(stage.All<HaltState>()).Condition);
    }

    /// <summary>Whatever category the incident has: an alert says its own.</summary>
    [Fact]
    public void A_growing_group_becomes_SEV_1_by_the_alert_that_is_news()
    {
        var incident = Declared(Worst);
        Join(incident, Worst, DataLoss);
        Assert.Equal(Severity.Sev1, stage.Incident(incident).Severity);

        stage.Do(incident, new ChangeSeverity(Severity.Sev2, "one table"), "@pm");
        Join(incident, Worst, DataLoss);
        Assert.Equal(Severity.Sev2, stage.Incident(incident).Severity);
    }

    [Fact]
    public void What_is_repeated_and_what_has_ended_halts_nothing()
    {
        var incident = Declared(Worst);
        Join(incident, [Alert("b") with { Status = AlertStatus.Resolved, EndsAt = stage.Now }], FailedMigration);
        Assert.Empty(stage.All<HaltState>());
    }

    private string Declared(params ImmutableArray<AlertSignal> signals)
    {
        var alerts = signals.Select(signal => Alert(signal.Fingerprint));
        return stage.Declared(new DeclareIncident(
            "Disk full", Severity.Sev2, signals[0].Category, Labels: signals[0].Labels, Group: "g", Alerts: [.. alerts], Signals: signals)).Incident;
    }

    private void Join(string incident, params ImmutableArray<AlertSignal> signals) =>
        Join(incident, [.. signals.Select(signal => Alert(signal.Fingerprint))], signals);

    private void Join(string incident, ImmutableArray<AlertSeen> alerts, params ImmutableArray<AlertSignal> signals) =>
        stage.Do(incident, new JoinAlerts("g", alerts, Severity.Sev3, Worst.Labels, Signals: signals), Handle.Alertmanager);

    private AlertSeen Alert(string fingerprint) => new(fingerprint, "DiskFull", AlertStatus.Firing, stage.Now.AddMinutes(-1), null, null, Severity.Sev3);
}
