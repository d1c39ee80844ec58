using IncidentActors.Core.Halts;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Incidents;

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
        var stage = new Stage { Conditions = Loaded(one, two) };
        var (incident, _) = stage.Declared(Play.Declare(severity: Severity.Sev3, labels: new Dictionary<string, string> { ["x"] = "y" }));

        Assert.Equal(halted, string.Join(' ', stage.All<HaltState>().Select(halt => halt.Scope)));
        Assert.Equal(["one", "two"], stage.Incident(incident).Conditions.AsEnumerable());
        Assert.Equal(stage.All<HaltState>().Select(halt => halt.Id), stage.Incident(incident).Halts);
        var met = stage.Happened.Select(happened => happened.Event).OfType<IncidentConditionMet>().Select(condition => condition.HaltId);
        Assert.Equal(stage.All<HaltState>().Select(halt => halt.Id), met.Distinct());
    }

    private static ConditionSet Loaded(string one, string two) => ConditionsYaml.Parse(
        $$"""
        conditions:
          - { id: one, category: financial, scope: "{{one}}", rules: [{ labels: { x: [y] } }] }
          - { id: two, category: data, scope: "{{two}}", rules: [{ labels: { x: [y] } }] }
        """, "mine.yaml");
}
