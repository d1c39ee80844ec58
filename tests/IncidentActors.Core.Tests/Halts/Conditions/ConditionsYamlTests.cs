using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Halts.Conditions;

public class ConditionsYamlTests
{
    [Theory]
    [InlineData("production-down", IncidentCategory.Availability, "@owen @derek", "@marcus @jonny", false)]
    [InlineData("security-breach", IncidentCategory.Security, "@victor @sam", "@marcus @jonny @luna", false)]
    [InlineData("data-loss", IncidentCategory.Data, "@diana @steve", "@marcus @jonny", false)]
    [InlineData("financial-error", IncidentCategory.Financial, "@felix @sterling", "@marcus @jonny", true)]
    public void The_four_conditions_of_seed_003_ship_with_their_responders_and_chains(
        string id, IncidentCategory category, string first, string chain, bool immediately)
    {
        var condition = ConditionSet.Shipped.All.Single(one => one.Id == id);
        var duty = RosterYaml.Shipped().Duty(condition.Category)!;

        Assert.Equal((category, HaltMode.Enforce, HaltScope.All), (condition.Category, condition.Mode, condition.Scope));
        Assert.Equal((first, chain, immediately), (string.Join(' ', duty.FirstResponders), string.Join(' ', duty.Escalation), duty.Immediately));
        Assert.Equal(4, ConditionSet.Shipped.All.Length);
    }

    [Theory]
    [InlineData("condition", "production-down", null, true, "production-down")]
    [InlineData("probe", "503", null, true, "production-down")]
    [InlineData("probe", "timeout", null, false, "production-down")]
    [InlineData("probe", "404", null, true, "")]
    [InlineData("signal", "leaked-credential", null, false, "security-breach")]
    [InlineData("x", "y", IncidentCategory.Security, true, "security-breach")]
    [InlineData("x", "y", IncidentCategory.Security, false, "")]
    [InlineData("signal", "Failed-Migration", null, true, "data-loss")]
    [InlineData("x", "y", IncidentCategory.Data, true, "data-loss")]
    [InlineData("x", "y", IncidentCategory.Financial, true, "financial-error")]
    [InlineData("x", "y", IncidentCategory.Availability, true, "")]
    public void Signals_are_recognised_by_label_and_category(
        string label, string value, IncidentCategory? category, bool alert, string expected)
    {
        var signal = new Signal(ImmutableSortedDictionary<string, string>.Empty.Add(label, value), category, alert);
        Assert.Equal(expected, string.Join(' ', ConditionSet.Shipped.Met(signal).Select(one => one.Id)));
    }

    [Theory]
    [InlineData("conditions: [{ id: x, category: weather, rules: [{ category: data }] }]", "'weather' is no category")]
    [InlineData("conditions: [{ id: x, category: data, mode: sometimes, rules: [{ category: data }] }]", "'sometimes' is no mode")]
    [InlineData("conditions: [{ id: x, category: data, scope: some, rules: [{ category: data }] }]", "'some' is no scope")]
    [InlineData("conditions: [{ id: x, category: data, rules: [] }]", "never be recognised")]
    [InlineData("conditions: [{ id: x, category: data, rules: [{ alertsOnly: true }] }]", "recognise everything")]
    [InlineData("conditions: [{ category: data, rules: [{ category: data }] }]", "needs an id")]
    [InlineData("conditions: [{ id: x, category: data, rules: [{ category: data }] }, { id: x, category: data, rules: [{ category: data }] }]", "twice")]
    [InlineData("conditions: [{ id: x, colour: red }]", "mine.yaml:1")]
    public void A_file_that_cannot_hold_is_refused_with_its_name(string yaml, string says)
    {
        var error = Assert.Throws<FormatException>(() => ConditionsYaml.Parse(yaml, "mine.yaml"));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("mine.yaml", error.Message, StringComparison.Ordinal);
    }
}
