using System.Collections.Immutable;
using IncidentActors.Core.Incidents;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IncidentActors.Core.Halts.Conditions;

/// <summary>Reads a file of halt conditions; the shipped one is embedded.</summary>
public static class ConditionsYaml
{
    /// <exception cref="FormatException">Names the file and what would be right.</exception>
    public static ConditionSet Parse(string yaml, string file)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        try
        {
            var read = reader.Deserialize<ConditionsFile>(yaml) ?? new ConditionsFile();
            var conditions = read.Conditions.Select(entry => Condition(entry, file)).ToImmutableArray();
            return conditions.GroupBy(condition => condition.Id).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new FormatException($"{file}: the condition {twice.Key} stands there twice.")
                : new ConditionSet(conditions);
        }
        catch (YamlException error)
        {
            throw new FormatException($"{file}:{error.Start.Line}: {error.InnerException?.Message ?? error.Message}", error);
        }
    }

    internal static ConditionSet Shipped()
    {
        using var stream = typeof(ConditionsYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Halts.Conditions.conditions.yaml")
            ?? throw new InvalidOperationException("the shipped halt conditions are not embedded");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), "conditions.yaml");
    }

    private static HaltCondition Condition(ConditionEntry entry, string file)
    {
        if (string.IsNullOrWhiteSpace(entry.Id)) throw new FormatException($"{file}: a condition needs an id.");
        if (entry.Rules.Count == 0) throw new FormatException($"{file}: {entry.Id} has no rule; it would never be recognised.");
        if (!HaltScope.TryParse(entry.Scope, out var scope))
            throw new FormatException($"{file}: '{entry.Scope}' is no scope of {entry.Id}; write all, team:x, agent:@dev or atp:AT-….");
        if (!Enum.TryParse<HaltMode>(entry.Mode, ignoreCase: true, out var mode) || char.IsDigit(entry.Mode[0]))
            throw new FormatException($"{file}: '{entry.Mode}' is no mode of {entry.Id}; there are shadow, warn and enforce.");
        return new HaltCondition(
            entry.Id, entry.Title ?? entry.Id, entry.Means, Category(entry.Category, entry.Id, file), mode, scope,
            [.. entry.Rules.Select(rule => Rule(rule, entry.Id, file))]);
    }

    private static ConditionRule Rule(RuleEntry entry, string id, string file)
    {
        if (entry.Labels.Count == 0 && entry.Category is null)
            throw new FormatException($"{file}: a rule of {id} says nothing; it would recognise everything.");
        return new ConditionRule(
            entry.Labels.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray()),
            entry.Category is null ? null : Category(entry.Category, id, file), entry.AlertsOnly);
    }

    private static IncidentCategory Category(string? text, string id, string file) => IncidentCategories.TryParse(text, out var category)
        ? category
        : throw new FormatException($"{file}: '{text}' is no category of {id}; there are {IncidentCategories.Accepted}.");

    private sealed class ConditionsFile
    {
        public List<ConditionEntry> Conditions { get; set; } = [];
    }

    private sealed class ConditionEntry
    {
        public string Id { get; set; } = "";
        public string? Title { get; set; }
        public string? Means { get; set; }
        public string? Category { get; set; }
        public string Mode { get; set; } = "enforce";
        public string Scope { get; set; } = "all";
        public List<RuleEntry> Rules { get; set; } = [];
    }

    private sealed class RuleEntry
    {
        public Dictionary<string, List<string>> Labels { get; set; } = [];
        public string? Category { get; set; }
        public bool AlertsOnly { get; set; }
    }
}
