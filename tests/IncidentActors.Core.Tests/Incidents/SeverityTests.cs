using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Incidents;

/// <summary>Raised by anyone on the incident, lowered by the commander or the operator.</summary>
public class SeverityTests
{
    private readonly Stage stage = new();
    private readonly string incident;

    public SeverityTests() => incident = stage.Declared(Play.Declare(severity: Severity.Sev3)).Incident;

    [Fact]
    public void A_responder_raises_it_and_a_stranger_does_not()
    {
        stage.Refused(Rules.IncidentRole, incident, new ChangeSeverity(Severity.Sev2), "@luna");
        stage.Do(incident, new ChangeSeverity(Severity.Sev2, "worse"), "@owen");
        Assert.Equal(Severity.Sev2, stage.Incident(incident).Severity);
    }

    [Fact]
    public void Only_commander_and_operator_lower_it()
    {
        stage.Refused(Rules.SeverityLowered, incident, new ChangeSeverity(Severity.Sev4), "@owen");
        stage.Do(incident, new ChangeSeverity(Severity.Sev4), "@pm");
        stage.Do(incident, new ChangeSeverity(Severity.Sev3), "@operator");
    }

    [Fact]
    public void Raising_to_SEV_1_halts_and_shortens_the_clocks()
    {
        stage.Do(incident, new ChangeSeverity(Severity.Sev1, "worse"), "@owen");
        Assert.Single(stage.All<HaltState>());
        Assert.Equal("@derek @dev @operator @pm @sre", string.Join(' ', stage.Sent().Select(sent => sent.To).Order(StringComparer.Ordinal)));
        Assert.Equal(stage.Now.AddMinutes(15), stage.Clocks[(ActorId.Incident(incident), "respond")].Due);
        Assert.Equal(stage.Now.AddMinutes(5), stage.Clocks[(ActorId.Incident(incident), "assess")].Due);
    }

    [Fact]
    public void The_same_severity_changes_nothing() =>
        Assert.Empty(stage.Do(incident, new ChangeSeverity(Severity.Sev3), "@owen").Changes);

    [Theory]
    [InlineData(IncidentCategory.Availability, "impact", "service-down", true)]
    [InlineData(IncidentCategory.Security, "impact", "active-exploit", true)]
    [InlineData(IncidentCategory.Security, "impact", "data-breach", true)]
    [InlineData(IncidentCategory.Data, "impact", "data-corruption", true)]
    [InlineData(IncidentCategory.Data, "impact", "DATA-LOSS", true)]
    [InlineData(IncidentCategory.Financial, "loss_per_minute", "1000.01", true)]
    [InlineData(IncidentCategory.Financial, "loss_per_minute", "1000", false)]
    [InlineData(IncidentCategory.Financial, "loss_per_minute", "much", false)]
    [InlineData(IncidentCategory.Reputation, "impact", "public-outage", true)]
    [InlineData(IncidentCategory.Compliance, "impact", "data-breach", false)]
    [InlineData(IncidentCategory.Availability, "impact", "data-loss", false)]
    public void What_a_category_counts_as_SEV_1(IncidentCategory category, string label, string value, bool met)
    {
        var (id, _) = stage.Declared(Play.Declare(severity: Severity.Sev4, category: category, labels: new Dictionary<string, string> { [label] = value }));
        Assert.Equal(met ? Severity.Sev1 : Severity.Sev4, stage.Incident(id).Severity);
        Assert.Equal(met, stage.Incident(id).Criterion is not null);
    }

    /// <summary>Seed 000's criteria hold whenever they are met, not only at the first sign.</summary>
    [Fact]
    public void An_alert_that_joins_and_meets_a_criterion_makes_it_SEV_1()
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("impact", "service-down");
        var alert = new AlertSeen("f1", "CheckoutDown", AlertStatus.Firing, stage.Now, null, null, Severity.Sev3);
        stage.Do(incident, new JoinAlerts("g", [alert with { Fingerprint = "f0" }], Severity.Sev3), "@alertmanager");
        Assert.Equal(Severity.Sev3, stage.Incident(incident).Severity);
        stage.Do(incident, new JoinAlerts("g", [alert], Severity.Sev3, labels), "@alertmanager");
        Assert.Equal(Severity.Sev1, stage.Incident(incident).Severity);
        Assert.Single(stage.All<HaltState>());

        stage.Do(incident, new ChangeSeverity(Severity.Sev2, "one region only"), "@pm");
        stage.Do(incident, new JoinAlerts("g", [alert], Severity.Sev3, labels), "@alertmanager");
        Assert.Equal(Severity.Sev2, stage.Incident(incident).Severity);
    }

    [Fact]
    public void A_declaration_that_is_repeated_does_not_raise_what_was_lowered_since_but_a_worse_one_does()
    {
        var again = new JoinAlerts(null, [], Severity.Sev2);
        stage.Do(incident, again, "@luna");
        Assert.Equal(Severity.Sev2, stage.Incident(incident).Severity);
        stage.Do(incident, new ChangeSeverity(Severity.Sev4, "one customer"), "@pm");
        stage.Do(incident, new ChangeSeverity(Severity.Sev3, "two customers"), "@owen");
        stage.Do(incident, new ChangeSeverity(Severity.Sev4, "one again"), "@pm");

        Assert.Empty(stage.Do(incident, again, "@luna").Changes);
        stage.Do(incident, again with { Severity = Severity.Sev1 }, "@luna");
        Assert.Equal(Severity.Sev1, stage.Incident(incident).Severity);
    }

    /// <summary>Seed 000's table names the category of each criterion: where nobody has said one, the criterion does.</summary>
    [Theory]
    [InlineData("impact", "data-loss", IncidentCategory.Data)]
    [InlineData("impact", "active-exploit", IncidentCategory.Security)]
    [InlineData("loss_per_minute", "2500", IncidentCategory.Financial)]
    [InlineData("impact", "public-outage", IncidentCategory.Reputation)]
    public void A_criterion_that_is_met_says_the_category_that_nobody_said(string label, string value, IncidentCategory category)
    {
        var (id, _) = stage.Declared(Play.Declare(severity: Severity.Sev3, labels: new Dictionary<string, string> { [label] = value }));
        Assert.Equal((Severity.Sev1, category), (stage.Incident(id).Severity, stage.Incident(id).Category));
    }

    [Theory]
    [InlineData("P0", Severity.Sev1)]
    [InlineData("critical", Severity.Sev1)]
    [InlineData("sev1", Severity.Sev1)]
    [InlineData(" Severity 1 ", Severity.Sev1)]
    [InlineData("P1", Severity.Sev2)]
    [InlineData("high", Severity.Sev2)]
    [InlineData("SEV-3", Severity.Sev3)]
    [InlineData("medium", Severity.Sev3)]
    [InlineData("minor", Severity.Sev4)]
    [InlineData("low", Severity.Sev4)]
    public void Every_scale_of_the_seeds_is_read_as_one(string text, Severity severity)
    {
        Assert.True(Severities.TryParse(text, out var read));
        Assert.Equal(severity, read);
        Assert.Equal(Severity.Sev1, Severities.Higher(read, Severity.Sev1));
    }
}
