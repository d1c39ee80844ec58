using IncidentActors.Core.Permits;

namespace IncidentActors.Core.Tests.Permits;

/// <summary>The file of permits: what is wrong is said with its place, and the shipped one says what it should.</summary>
public class PermitsYamlTests
{
    [Theory]
    [InlineData("rules:\n  - action: deploy\n", "p.yaml:2:5: permits.key.missing")]
    [InlineData("rules:\n  - {action: deploy, decision: maybe}\n", "p.yaml:2:32: permits.value.unknown")]
    [InlineData("seconds: 0\nrules: []\n", "p.yaml:1:10: permits.value.unknown")]
    [InlineData("rules:\n  - {action: deploy, decision: allow, seconds: 9999}\n", "p.yaml:2:48: permits.value.unknown")]
    [InlineData("rules:\n  - {action: deploy, decision: allow, needs: [weather]}\n", "permits.value.unknown: `weather` cannot be needed")]
    [InlineData("rules:\n  - {action: '*', decision: allow}\n  - {action: deploy, decision: forbid}\n", "p.yaml:3:5: permits.rule.unreachable")]
    [InlineData("rules:\n  - {action: deploy, decision: allow, colour: red}\n", "permits.key.unknown")]
    [InlineData("rules: [", "permits.syntax")]
    [InlineData("deploy", "permits.value.type")]
    public void What_is_wrong_is_said_with_its_place(string yaml, string problem)
    {
        var (policy, problems) = PermitsYaml.Check(yaml, "p.yaml");
        Assert.Null(policy);
        Assert.Contains(problems, one => one.ToString().Contains(problem, StringComparison.Ordinal));
        Assert.Contains(problem, Assert.Throws<FormatException>(() => PermitsYaml.Parse(yaml, "p.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_rule_that_matches_decides_and_what_no_rule_names_is_refused()
    {
        var policy = PermitsYaml.Parse(
            """
            seconds: 30
            rules:
              - {action: deploy*, environment: production, decision: approval, seconds: 300}
              - {action: deploy*, decision: allow}
            """,
            "p.yaml");
        Assert.Equal((PermitDecision.Approval, 300), Of(policy.RuleFor("deploy-canary", "checkout", "Production")));
        Assert.Equal((PermitDecision.Allow, 30), Of(policy.RuleFor("deploy", null, null)));
        Assert.Null(policy.RuleFor("sql", null, null));
        Assert.Equal(300, policy.MaxSeconds);
        static (PermitDecision, int) Of(PermitRule? rule) => (rule!.Decision, rule.Seconds);
    }

    [Theory]
    [InlineData("Read", "", null)]
    [InlineData("Bash", "cd /srv && git push origin main", "push")]
    [InlineData("Bash", "kubectl apply -f fix.yaml", "kubectl")]
    [InlineData("Bash", "ls", "shell")]
    [InlineData("Bash", "incident inbox", null)]
    [InlineData("Edit", "src/pay.ts", "edit")]
    [InlineData("mcp__github__merge", "", "mcp")]
    [InlineData("SomethingNew", "", "tool")]
    public void A_tool_of_an_agent_program_is_an_action(string tool, string text, string? action) =>
        Assert.Equal(action, PermitPolicy.Shipped.RuleForTool(tool, text)!.Action);
}
