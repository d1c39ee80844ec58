using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Routes;

/// <summary>Reads a file of routes (its keys are described in <c>routes.schema.json</c>); the shipped one is embedded.</summary>
public static class RoutesYaml
{
    private static readonly string[] Keys = ["severityLabels", "conditions", "rules"];
    private static readonly string[] ConditionKeys = ["id", "title", "means", "category", "mode", "scope", "briefing"];
    private static readonly string[] RuleKeys = ["name", "when", "set"];
    private static readonly string[] WhenKeys = ["source", "labels", "said", "text", "severity", "category", "roles", "not"];

    private static readonly string[] SetKeys =
        ["severity", "category", "service", "flow", "commander", "responders", "condition", "halts", "group", "groupFor", "hold", "drop"];

    private static readonly ImmutableArray<string> Sources = ["alertmanager", "pagerduty", "probe", "api", "command", "atp"];
    private static readonly ImmutableArray<string> SeverityStates = [.. Severities.Names, RouteMatch.Unsaid, RouteMatch.Unknown];
    private static readonly (string, Severity)[] SeverityWords = [.. Enum.GetValues<Severity>().Select(severity => (severity.Name(), severity))];

    /// <exception cref="FormatException">Every problem with file, line and key, and what would be right.</exception>
    public static RouteSet Parse(string yaml, string file) => YamlFile.Read(yaml, file, "routes", "a file of routes", "rules", Keys, Read);

    internal static RouteSet Shipped() => Parse(ShippedText(), "routes.yaml");

    /// <summary>The shipped file, to begin one's own with.</summary>
    public static string ShippedText()
    {
        using var stream = typeof(RoutesYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Routes.routes.yaml")
            ?? throw new InvalidOperationException("the shipped routes are not embedded");
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }

    private static RouteSet Read(YamlFields fields, YamlFindings findings)
    {
        var conditions = fields.Maps("conditions", "a condition", ConditionKeys, Condition);
        var rules = fields.RequiredMaps("rules", "a rule", RuleKeys, rule => Rule(rule, conditions));
        foreach (var twice in rules.GroupBy(rule => rule.Name).Where(same => same.Count() > 1))
            fields.Wrong("rules", $"the rule {twice.Key} is listed twice");
        foreach (var twice in conditions.GroupBy(one => one.Id).Where(same => same.Count() > 1))
            fields.Wrong("conditions", $"the condition {twice.Key} is listed twice");
        return new RouteSet(rules, conditions, fields.Has("severityLabels") ? fields.Texts("severityLabels") : ["severity", "priority"]);
    }

    private static HaltCondition Condition(YamlFields fields)
    {
        var id = fields.Text("id");
        var scope = fields.TextOrNull("scope") ?? "all";
        if (!HaltScope.TryParse(scope, out var halts)) fields.Wrong("scope", $"'{scope}' is not a scope; write {HaltScope.Forms}");
        var mode = fields.TextOrNull("mode") ?? "enforce";
        if (!HaltModes.TryParse(mode, out var how)) fields.Wrong("mode", $"'{mode}' is not a mode; there are {HaltModes.Accepted}");
        IncidentCategory? category = fields.Has("category")
            ? fields.Word("category", IncidentCategory.Availability, IncidentCategories.Words)
            : null;
        if (category is null && id is not ("" or HaltCondition.Severity1)) fields.Wrong("id", $"the condition {id} needs a category, whose duty responds");
        return new HaltCondition(
            id, fields.TextOrNull("title") ?? id, fields.TextOrNull("means"), category, how, halts,
            fields.Word("briefing", (bool?)null, ("offered", null), ("required", true)));
    }

    private static RouteRule Rule(YamlFields fields, ImmutableArray<HaltCondition> conditions)
    {
        var name = fields.Text("name");
        var when = fields.Map("when", "what a rule looks for", WhenKeys, When) ?? Always;
        var set = fields.Map("set", "what a rule sets", SetKeys, settings => Settings(settings, conditions));
        if (set is null) fields.Wrong("name", $"the rule {name} sets nothing; give it the key `set` with one of {string.Join(", ", SetKeys)}");
        return new RouteRule(name, when, set ?? new RouteSettings());
    }

    private static readonly RouteMatch Always = new([], [], [], [], [], [], [], null);

    private static RouteMatch When(YamlFields fields) => new(
        OneOf(fields, "source", Sources),
        [
            .. fields.Named("labels", "labels with their values").Select(label => (
                label.Key.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToImmutableArray(), label.Value)),
        ],
        [.. fields.OneOrMore("said").Select(RouteSet.Normal)],
        [.. fields.OneOrMore("text").Select(RouteWords.Phrase).Where(phrase => !phrase.IsEmpty)],
        OneOf(fields, "severity", SeverityStates),
        [
            .. OneOf(fields, "category", [.. IncidentCategories.Words.Select(word => word.Text)])
                .Select(text => IncidentCategories.Words.FirstOrDefault(word => word.Text == text).Value),
        ],
        fields.OneOrMore("roles"),
        fields.Map("not", "what must not be true", WhenKeys, When));

    private static RouteSettings Settings(YamlFields fields, ImmutableArray<HaltCondition> conditions)
    {
        var condition = fields.TextOrNull("condition");
        if (condition is not null and not RouteSettings.NoCondition && conditions.All(known => known.Id != condition))
        {
            var known = conditions.Select(one => one.Id).Append(RouteSettings.NoCondition);
            fields.Wrong("condition", $"there is no condition `{condition}` above; there are {string.Join(", ", known)}");
        }

        return new RouteSettings(
            fields.Has("severity") ? fields.Word("severity", Severity.Sev3, SeverityWords) : null,
            fields.Has("category") ? fields.Word("category", IncidentCategory.Availability, IncidentCategories.Words) : null,
            fields.TextOrNull("service"), fields.TextOrNull("flow"), Handled(fields, "commander", fields.TextOrNull("commander")),
            [.. fields.OneOrMore("responders").Select(text => Handled(fields, "responders", text)!)], condition,
            fields.Has("halts") ? fields.Flag("halts") : null, fields.OneOrMore("group"), fields.Duration("groupFor"), fields.Duration("hold"),
            fields.TextOrNull("drop"));
    }

    private static ImmutableArray<string> OneOf(YamlFields fields, string key, ImmutableArray<string> known)
    {
        var given = fields.OneOrMore(key);
        foreach (var word in given.Except(known)) fields.Wrong(key, $"`{key}` must be one of {string.Join(", ", known)}, not `{word}`");
        return given;
    }

    private static string? Handled(YamlFields fields, string key, string? text)
    {
        if (text is null) return null;
        var handle = Handle.Normalize(text);
        if (Handle.IsReserved(handle) || !Handle.IsWellFormed(handle)) fields.Wrong(key, $"'{text}' is not a handle; one looks like '@dev'");
        return handle;
    }
}
