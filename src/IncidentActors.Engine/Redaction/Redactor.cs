using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Core.Redaction;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Engine.Redaction;

/// <summary>Removes secrets from commands before they are decided, for every caller and transport. Nothing that follows from a command contains one.</summary>
public sealed class Redactor(RedactionRules rules, NodeMetrics metrics)
{
    private readonly System.Diagnostics.Metrics.Counter<long> counter = metrics.Counter(MetricCatalogue.Redactions);

    /// <summary>The command with marks in the place of secrets; the same one where it has none.</summary>
    public T Clean<T>(T command)
        where T : ICommand
    {
        var written = JsonSerializer.SerializeToUtf8Bytes<ICommand>(command, CoreJson.Options);
        if (!rules.MayHold(Encoding.UTF8.GetString(written))) return command;
        var json = JsonNode.Parse(written);
        var found = new List<string>();
        rules.Clean(json, found);
        if (found.Count == 0) return command;
        foreach (var rule in found) counter.Add(1, new KeyValuePair<string, object?>(Names.Rule, rule));
        return (T)json.Deserialize<ICommand>(CoreJson.Options)!;
    }

    /// <summary>The text with marks in the place of secrets.</summary>
    public string? Clean(string? text)
    {
        if (text is null) return null;
        var found = new List<string>();
        var cleaned = rules.Clean(text, found);
        foreach (var rule in found) counter.Add(1, new KeyValuePair<string, object?>(Names.Rule, rule));
        return cleaned;
    }
}
