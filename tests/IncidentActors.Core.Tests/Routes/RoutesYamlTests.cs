using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Routes;

namespace IncidentActors.Core.Tests.Routes;

public class RoutesYamlTests
{
    [Theory]
    [InlineData("production-down", IncidentCategory.Availability, "@owen @derek", "@marcus @jonny", false)]
    [InlineData("security-breach", IncidentCategory.Security, "@victor @sam", "@marcus @jonny @luna", false)]
    [InlineData("data-loss", IncidentCategory.Data, "@diana @steve", "@marcus @jonny", false)]
    [InlineData("financial-error", IncidentCategory.Financial, "@felix @sterling", "@marcus @jonny", true)]
    public void The_four_conditions_of_seed_003_ship_with_their_responders_and_chains(
        string id, IncidentCategory category, string first, string chain, bool immediately)
    {
        var condition = RouteSet.Shipped.Condition(id)!;
        var duty = RosterYaml.Shipped().Duty(condition.Category!.Value)!;

        Assert.Equal((category, HaltMode.Enforce, HaltScope.All), (condition.Category, condition.Mode, condition.Scope));
        Assert.Equal((first, chain, immediately), (string.Join(' ', duty.FirstResponders), string.Join(' ', duty.Escalation), duty.Immediately));
        Assert.Equal(5, RouteSet.Shipped.Conditions.Length);
        Assert.Equal((HaltMode.Enforce, HaltScope.All), (RouteSet.Shipped.Severity1!.Mode, RouteSet.Shipped.Severity1.Scope));
    }

    [Theory]
    [InlineData("alertmanager", "condition", "production-down", "production-down")]
    [InlineData("probe", "probe", "503", "production-down")]
    [InlineData("alertmanager", "probe", "503", "")]
    [InlineData("alertmanager", "probe", "50456", "")]
    [InlineData("alertmanager", "probe", "timeout", "")]
    [InlineData("api", "signal", "leaked-credential", "security-breach")]
    [InlineData("alertmanager", "category=security severity", "critical", "security-breach")]
    [InlineData("alertmanager", "category=security severity", "error", "")]
    [InlineData("alertmanager", "category=data severity", "low", "")]
    [InlineData("alertmanager", "category=data severity", "critical", "data-loss")]
    [InlineData("pagerduty", "category=financial severity", "critical", "financial-error")]
    [InlineData("api", "category=security severity", "critical", "")]
    [InlineData("alertmanager", "signal", "Failed-Migration", "data-loss")]
    [InlineData("alertmanager", "signal=failed-migration severity", "warning", "")]
    [InlineData("alertmanager", "signal=failed-migration environment", "staging", "")]
    [InlineData("alertmanager", "signal=failed-migration environment", "Production", "data-loss")]
    [InlineData("alertmanager", "category=availability severity", "critical", "")]
    public void Signals_are_recognised_by_label_and_category(string source, string labels, string value, string expected)
    {
        var pairs = $"{labels}={value}".Split(' ').Select(pair => pair.Split('=')).ToImmutableSortedDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(expected, RouteSet.Shipped.Of(new Signal(source, pairs)).Condition?.Id ?? "");
    }

    [Theory]
    [InlineData("LeakedCredential", "", "security", "security-breach")]
    [InlineData("aws_secret_leaked_in_repo", "", "security", "security-breach")]
    [InlineData("PostgresTableCorruption", "", "data", "data-loss")]
    [InlineData("KubeJobFailed", "Job prod/db-migrate-42 failed", "data", "data-loss")]
    [InlineData("StripeIncorrectCharge", "", "financial", "financial-error")]
    [InlineData("Custom", "Betting system malfunction", "financial", "financial-error")]
    [InlineData("BlackboxProbeFailed", "", "availability", "production-down")]
    [InlineData("HTTP5xx", "shop returns 503", "availability", "production-down")]
    [InlineData("DiskFull", "disk of db-1 is 98 % full", "", "")]
    [InlineData("BatteryCharge", "charger of ups-1", "", "")]
    public void Critical_alerts_are_recognised_by_the_words_of_names_and_texts(string name, string text, string category, string condition)
    {
        var critical = ImmutableSortedDictionary<string, string>.Empty.Add("severity", "critical");
        var routed = RouteSet.Shipped.Of(new Signal("alertmanager", critical, name, text));
        Assert.Equal((category, condition), (routed.Set.Category?.ToString().ToLowerInvariant() ?? "", routed.Condition?.Id ?? ""));
        var warning = RouteSet.Shipped.Of(new Signal("alertmanager", critical.SetItem("severity", "warning"), name, text));
        Assert.Equal((category, null), (warning.Set.Category?.ToString().ToLowerInvariant() ?? "", warning.Condition));
        if (condition.Length > 0) Assert.Contains($"{condition} (rule ", warning.Account, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disaster fatal sev0 SEV-0 crit emerg alert urgent blocker 1 S1 P0 critical page", "SEV-1")]
    [InlineData("high major error err P1 S2 2", "SEV-2")]
    [InlineData("average warning warn medium P2 S3 3", "SEV-3")]
    [InlineData("low minor notice P3 P4 P5 4 5 Not_classified", "SEV-4")]
    public void Words_of_the_common_senders_are_severities(string words, string severity)
    {
        foreach (var word in words.Split(' '))
        {
            foreach (var label in (string[])["severity", "Severity", "priority", "level"])
            {
                var labels = ImmutableSortedDictionary<string, string>.Empty.Add(label, word);
                Assert.Equal((word, severity), (word, RouteSet.Shipped.Of(new Signal("alertmanager", labels)).Severity.Name()));
            }
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("info")]
    [InlineData("ok")]
    [InlineData("information")]
    public void Words_that_ask_for_nothing_drop_an_alert(string word) =>
        Assert.NotNull(RouteSet.Shipped.Of(new Signal("alertmanager", ImmutableSortedDictionary<string, string>.Empty.Add("severity", word))).Set.Drop);

    [Fact]
    public void An_unknown_word_is_named()
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("severity", "purple");
        var routed = RouteSet.Shipped.Of(new Signal("alertmanager", labels));
        Assert.Equal(Severity.Sev3, routed.Severity);
        Assert.Contains("severity word 'purple' is unknown", routed.Account, StringComparison.Ordinal);
    }

    /// <summary>Every key is set by exactly one rule, or by none and has its default.</summary>
    [Fact]
    public void One_rule_decides_each_thing()
    {
        var random = new Random(7);
        string[] words =
            ["critical", "low", "p1", "info", "purple", "security", "staging", "data-loss", "leaked", "credential", "5xx", "down", "migration", "failed"];
        string[] names = ["severity", "priority", "category", "condition", "signal", "environment", "source", "probe_http_status_code"];
        for (var i = 0; i < 5000; i++)
        {
            var labels = ImmutableSortedDictionary<string, string>.Empty;
            for (var n = random.Next(5); n > 0; n--) labels = labels.SetItem(names[random.Next(names.Length)], words[random.Next(words.Length)]);
            var text = string.Join(' ', Enumerable.Range(0, random.Next(6)).Select(_ => words[random.Next(words.Length)]));
            var source = random.Next(2) == 0 ? "alertmanager" : "pagerduty";
            var routed = RouteSet.Shipped.Of(new Signal(source, labels, "", text));
            Assert.Equal(routed.By.Select(choice => choice.Key).Distinct().Count(), routed.By.Length);
            Assert.All(routed.Set.Given(), given => Assert.Contains(routed.By, choice => choice.Key == given.Key && choice.Value == given.Value));
            Assert.All(routed.By, choice => Assert.Contains(RouteSet.Shipped.Rules, rule => rule.Name == choice.Rule));
            if (routed.Condition is not null) Assert.True(labels.Keys.Any(key => key is "condition" or "signal") || routed.Set.Severity == Severity.Sev1);
        }
    }

    [Theory]
    [InlineData("conditions:\nrules: []", "mine.yaml:1:12: routes.value.type: `conditions` must be a list")]
    [InlineData("rules:", "mine.yaml:1:7: routes.value.type: `rules` must be a list")]
    [InlineData("conditions: [{ id: x, category: weather }]\nrules: []", "`conditions[0].category` must be one of availability, security")]
    [InlineData("conditions: [{ id: x, category: data, mode: sometimes }]\nrules: []", "'sometimes' is not a mode")]
    [InlineData("conditions: [{ id: x, category: data, scope: some }]\nrules: []", "'some' is not a scope")]
    [InlineData("conditions: [{ category: data }]\nrules: []", "needs the key `id`")]
    [InlineData("conditions: [{ id: x }]\nrules: []", "needs a category")]
    [InlineData("conditions: [{ id: x, category: data }, { id: x, category: data }]\nrules: []", "twice")]
    [InlineData("rules:\n  - name: a\n    set: { colour: red }", "mine.yaml:3:12: routes.key.unknown: what a rule sets has no key `colour`")]
    [InlineData("rules: [{ name: a }]", "sets nothing")]
    [InlineData("rules: [{ name: a, set: { severity: SEV-9 } }]", "`rules[0].set.severity` must be one of SEV-1")]
    [InlineData("rules: [{ name: a, set: { condition: fire } }]", "no condition `fire` above; there are none")]
    [InlineData("rules: [{ name: a, set: { commander: '@a b' } }]", "is not a handle")]
    [InlineData("rules: [{ name: a, set: { hold: soon } }]", "not a duration")]
    [InlineData("rules: [{ name: a, when: { source: pigeon }, set: { drop: x } }]", "`source` must be one of alertmanager")]
    [InlineData("rules: [{ name: a, when: { severity: bad }, set: { drop: x } }]", "`severity` must be one of SEV-1")]
    [InlineData("rules: [{ name: a, when: { labels: { env: } }, set: { drop: x } }]", "`rules[0].when.labels.env` is a text")]
    [InlineData("rules: [{ name: a, set: { drop: x } }, { name: a, set: { drop: x } }]", "twice")]
    [InlineData("rules: &a [{ name: a, set: { drop: x } }]", "anchors and aliases")]
    public void A_file_that_cannot_hold_is_refused_with_file_line_and_key(string yaml, string says)
    {
        var error = Assert.Throws<FormatException>(() => RoutesYaml.Parse(yaml, "mine.yaml"));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("mine.yaml:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("LeakedCredential", "leaked credential")]
    [InlineData("RLSBypass on table_x", "rls bypass on table x")]
    [InlineData("HTTP 5xx-errors", "http 5xx errors")]
    [InlineData("Zähler über 99,5%", "zähler über 99 5")]
    public void Names_are_words(string text, string words) => Assert.Equal(words, string.Join(' ', RouteWords.Of(text)));
}
