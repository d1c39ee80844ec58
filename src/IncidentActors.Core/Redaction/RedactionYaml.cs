using System.Text.RegularExpressions;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Redaction;

/// <summary>Reads a file of redaction rules; the shipped one is embedded.</summary>
public static class RedactionYaml
{
    private static readonly string[] FileKeys = ["names", "rules"];
    private static readonly string[] RuleKeys = ["id", "contains", "pattern"];

    /// <exception cref="FormatException">Every problem, one a line: file, line, column, rule, reason.</exception>
    public static RedactionRules Parse(string yaml, string file) =>
        YamlFile.Read(yaml, file, "redaction", "a file of redaction rules", "rules", FileKeys, (fields, _) => Read(fields));

    internal static RedactionRules Shipped()
    {
        using var stream = typeof(RedactionYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Redaction.redaction.yaml")
            ?? throw new InvalidOperationException("the shipped redaction rules are not embedded");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), "redaction.yaml");
    }

    private static RedactionRules Read(YamlFields fields) =>
        new(fields.Texts("names"), fields.RequiredMaps("rules", "a rule", RuleKeys, rule =>
        {
            if (rule.RequiredTexts("contains") is { IsEmpty: true })
                rule.Wrong("contains", "a rule needs a text that is contained wherever its pattern matches; without one every text would be searched");
            return new RedactionRule(rule.Text("id"), rule.Texts("contains"), Pattern(rule));
        }));

    /// <summary>Patterns take time in proportion to the text, whatever it is: no look-around, no references back.</summary>
    private static Regex Pattern(YamlFields rule)
    {
        var text = rule.Text("pattern");
        try
        {
            var pattern = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (text.Length > 0 && pattern.IsMatch(""))
                rule.Wrong("pattern", "the pattern matches the empty text, and so matches everywhere; write the characters that a secret begins with");
            return pattern;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            rule.Wrong("pattern", $"the pattern is not valid here: {error.Message.TrimEnd('.')}");
            return new Regex("(?!)");
        }
    }
}
