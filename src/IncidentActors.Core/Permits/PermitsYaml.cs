using System.Collections.Immutable;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Permits;

/// <summary>Reads a file of permits; the shipped one is embedded.</summary>
public static class PermitsYaml
{
    private const int DefaultSeconds = 60;

    private static readonly string[] FileKeys = ["seconds", "rules", "tools"];
    private static readonly string[] RuleKeys = ["action", "target", "environment", "decision", "seconds", "unknown", "reads", "needs", "reason"];
    private static readonly string[] ToolKeys = ["tool", "text", "action", "target", "environment"];
    private static readonly string[] Needed = ["target", "environment", "digest", "atp"];

    /// <exception cref="FormatException">Every problem, one a line: file, line, column, rule, reason.</exception>
    public static PermitPolicy Parse(string yaml, string file)
    {
        var (policy, problems) = Check(yaml, file);
        return policy ?? throw new FormatException(string.Join(Environment.NewLine, problems));
    }

    /// <summary>The policy, or null and what is wrong with the text.</summary>
    public static (PermitPolicy? Policy, ImmutableArray<FlowProblem> Problems) Check(string yaml, string file)
    {
        var findings = new YamlFindings(file, "permits");
        var policy = YamlFile.Read(yaml, "a file of permits", "rules", FileKeys, findings, fields => Policy(fields, findings));
        return (findings.Problems.IsEmpty ? policy : null, findings.Problems);
    }

    internal static PermitPolicy Shipped() => Parse(ShippedText(), "permits.yaml");

    /// <summary>The shipped file, as a template for another one.</summary>
    public static string ShippedText()
    {
        using var stream = typeof(PermitsYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Permits.permits.yaml")
            ?? throw new InvalidOperationException("the shipped permits are not embedded");
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }

    private static PermitPolicy Policy(YamlFields file, YamlFindings findings)
    {
        var seconds = Seconds(file, DefaultSeconds, "seconds", findings);
        var rules = file.RequiredMaps("rules", "a rule", RuleKeys, rule => Rule(rule, seconds, findings));
        for (var i = 0; i < rules.Length; i++)
        {
            var hidden = rules.Take(i).FirstOrDefault(earlier => earlier is { Action: "*", Target: null, Environment: null });
            if (hidden is not null)
                Problem(findings, $"rules[{i}]", "permits.rule.unreachable", "the rule `*` above it matches every action; put this one before it");
        }

        return new PermitPolicy(rules, file.Maps("tools", "a tool", ToolKeys, Tool));
    }

    private static PermitRule Rule(YamlFields rule, int seconds, YamlFindings findings)
    {
        var needs = rule.Texts("needs");
        foreach (var wrong in needs.Except(Needed))
            Problem(findings, rule.PathOf("needs"), "permits." + YamlRules.ValueUnknown, $"`{wrong}` cannot be needed; there are {string.Join(", ", Needed)}");
        return new PermitRule(
            rule.Text("action").ToLowerInvariant(), rule.TextOrNull("target"), rule.TextOrNull("environment"),
            rule.RequiredWord(
                "decision", PermitDecision.Forbid, ("allow", PermitDecision.Allow), ("approval", PermitDecision.Approval),
                ("forbid", PermitDecision.Forbid)),
            Seconds(rule, seconds, rule.PathOf("seconds"), findings),
            rule.Word(
                "unknown", UnknownPolicy.Show, ("ignore", UnknownPolicy.Ignore), ("show", UnknownPolicy.Show), ("block", UnknownPolicy.Block)),
            rule.Flag("reads"), needs, rule.TextOrNull("reason"));
    }

    private static ToolRule Tool(YamlFields tool)
    {
        var action = tool.Text("action").ToLowerInvariant();
        return new ToolRule(
            Patterns(tool.Text("tool")), Patterns(tool.TextOrNull("text")), action == "none" ? null : action, tool.TextOrNull("target"),
            tool.TextOrNull("environment"));
    }

    private static ImmutableArray<string> Patterns(string? text) => text is null ? [] : [.. text.Split('|')];

    private static int Seconds(YamlFields fields, int absent, string path, YamlFindings findings)
    {
        var seconds = fields.Number("seconds", absent);
        if (seconds is < 1 or > PermitPolicy.MaxSecondsLimit)
            Problem(findings, path, "permits." + YamlRules.ValueUnknown, $"a permit is valid for 1 to {PermitPolicy.MaxSecondsLimit} seconds, not {seconds}");
        return seconds;
    }

    private static void Problem(YamlFindings findings, string path, string rule, string reason) =>
        findings.Problem(findings.Positions.At(path), rule, reason);
}
