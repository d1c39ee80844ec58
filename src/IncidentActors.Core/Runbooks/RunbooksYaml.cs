using System.Collections.Immutable;
using IncidentActors.Core.Flows;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IncidentActors.Core.Runbooks;

/// <summary>Reads a file of runbooks; the shipped one is embedded.</summary>
public static class RunbooksYaml
{
    /// <exception cref="FormatException">Names the file and what would be right.</exception>
    public static RunbookSet Parse(string yaml, string file)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        try
        {
            var read = reader.Deserialize<RunbooksFile>(yaml) ?? new RunbooksFile();
            var runbooks = read.Runbooks.Select(entry => Runbook(entry, file)).ToImmutableArray();
            return runbooks.GroupBy(runbook => runbook.Id).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new FormatException($"{file}: the runbook {twice.Key} stands there twice.")
                : new RunbookSet(runbooks);
        }
        catch (YamlException error)
        {
            throw new FormatException($"{file}:{error.Start.Line}: {error.InnerException?.Message ?? error.Message}", error);
        }
    }

    internal static RunbookSet Shipped()
    {
        using var stream = typeof(RunbooksYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Runbooks.runbooks.yaml")
            ?? throw new InvalidOperationException("the shipped runbooks are not embedded");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), "runbooks.yaml");
    }

    private static Runbook Runbook(RunbookEntry entry, string file)
    {
        if (string.IsNullOrWhiteSpace(entry.Id)) throw new FormatException($"{file}: a runbook needs an id.");
        if (entry.Steps.Count == 0 == entry.Webhook is null) throw new FormatException($"{file}: {entry.Id} has either steps or a webhook.");
        if (entry.Steps.Exists(step => step.Count == 0 || string.IsNullOrWhiteSpace(step[0])))
            throw new FormatException($"{file}: a step of {entry.Id} names no program.");
        if (entry.Steps.Exists(step => step[0].Contains('{', StringComparison.Ordinal)))
            throw new FormatException($"{file}: the program of a step of {entry.Id} is fixed; a parameter is an argument only.");
        if (entry.Webhook is { } webhook && !(Uri.TryCreate(webhook, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            throw new FormatException($"{file}: '{webhook}' of {entry.Id} is no http address.");
        if (!FlowDuration.TryParse(entry.Within, out var within))
            throw new FormatException($"{file}: '{entry.Within}' of {entry.Id} is no duration; write {FlowDuration.Form}.");
        return new Runbook(
            entry.Id, entry.Title ?? entry.Id, entry.Means, [.. entry.Parameters], entry.Approval, entry.Requires,
            [.. entry.Steps.Select(step => step.ToImmutableArray())], entry.Webhook, within);
    }

    private sealed class RunbooksFile
    {
        public List<RunbookEntry> Runbooks { get; set; } = [];
    }

    private sealed class RunbookEntry
    {
        public string Id { get; set; } = "";
        public string? Title { get; set; }
        public string? Means { get; set; }
        public List<string> Parameters { get; set; } = [];
        public string? Approval { get; set; }
        public string? Requires { get; set; }
        public List<List<string>> Steps { get; set; } = [];
        public string? Webhook { get; set; }
        public string Within { get; set; } = "5m";
    }
}
