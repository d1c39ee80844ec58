using System.Collections.Immutable;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Routes;

namespace IncidentActors.Core.Tests.Halts.Conditions;

/// <summary>Each enforced condition halts its own scope; one halt is enough for conditions that halt the same.</summary>
public class ScopeTests
{
    [Theory]
    [InlineData("team:payments", "team:data", "team:payments team:data")]
    [InlineData("team:payments", "all", "team:payments all")]
    [InlineData("team:payments", "team:payments", "team:payments")]
    [InlineData("all", "team:payments", "all")]
    public void Every_scope_is_halted_that_none_of_the_others_covers(string one, string two, string halted)
    {
        var stage = new Stage { Routes = Loaded(one, two) };
        AlertSeen Alert(string fingerprint) => new(fingerprint, "Signal", AlertStatus.Firing, stage.Now, null, null);
        AlertSignal Signal(string fingerprint) => new(fingerprint, ImmutableSortedDictionary<string, string>.Empty.Add("x", fingerprint));
        var (incident, _) = stage.Declared(new DeclareIncident(
            "Two signals", Severity.Sev3, Alerts: [Alert("one"), Alert("two")], Signals: [Signal("one"), Signal("two")]));

        Assert.Equal(halted, string.Join(' ', stage.All<HaltState>().Select(halt => halt.Scope)));
        Assert.Equal(["one", "two"], stage.Incident(incident).Conditions.AsEnumerable());
        Assert.Equal(stage.All<HaltState>().Select(halt => halt.Id), stage.Incident(incident).Halts);
        var met = stage.Events.Select(happened => happened.Event).OfType<IncidentConditionMet>().Select(condition => condition.HaltId);
        Assert.Equal(stage.All<HaltState>().Select(halt => halt.Id), met.Distinct());
    }

    private static RouteSet Loaded(string one, string two) => RoutesYaml.Parse(
        $$"""
        conditions:
          - { id: one, category: financial, scope: "{{one}}" }
          - { id: two, category: data, scope: "{{two}}" }
        rules:
          - { name: first, when: { labels: { x: [one] } }, set: { condition: one } }
          - { name: second, when: { labels: { x: [two] } }, set: { condition: two } }
        """, "mine.yaml");
}
