using IncidentActors.Core.Flows;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Runbooks;

/// <summary>Reads a file of runbooks; the shipped one is embedded.</summary>
public static class RunbooksYaml
{
    private static readonly string[] Keys = ["runbooks"];
    private static readonly string[] RunbookKeys =
        ["id", "title", "means", "parameters", "approval", "approvers", "signedInWithin", "requires", "steps", "environment", "webhook", "within"];

    /// <exception cref="FormatException">Every problem with file, line and key, and what would be right.</exception>
    public static RunbookSet Parse(string yaml, string file) => YamlFile.Read(yaml, file, "runbook", "a file of runbooks", "runbooks", Keys, Read);

    internal static RunbookSet Shipped()
    {
        using var stream = typeof(RunbooksYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Runbooks.runbooks.yaml")
            ?? throw new InvalidOperationException("the shipped runbooks are not embedded");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), "runbooks.yaml");
    }

    private static RunbookSet Read(YamlFields fields, YamlFindings findings)
    {
        var ids = new HashSet<string>();
        return new RunbookSet(fields.Maps("runbooks", "a runbook", RunbookKeys, entry =>
        {
            var runbook = Runbook(entry, findings);
            if (!ids.Add(runbook.Id)) findings.Shape(entry.At, YamlRules.KeyDuplicate, $"the runbook {runbook.Id} is listed twice");
            return runbook;
        }));
    }

    private static Runbook Runbook(YamlFields entry, YamlFindings findings)
    {
        var id = entry.Text("id");
        var webhook = entry.TextOrNull("webhook");
        var steps = entry.TextLists("steps");
        if (steps.IsEmpty == webhook is null) Wrong($"{id} has either steps or a webhook");
        if (steps.Any(step => step.IsEmpty)) Wrong($"a step of {id} names no program");
        if (steps.Any(step => step is [var program, ..] && program.Contains('{', StringComparison.Ordinal)))
            Wrong($"the program of a step of {id} is fixed; a parameter is an argument only");
        var environment = entry.Texts("environment");
        if (environment.FirstOrDefault(name => name.StartsWith("INCIDENT_", StringComparison.OrdinalIgnoreCase)) is { } own)
            Wrong($"{id} asks for {own}; the server's own variables are not handed over");
        if (webhook is not null && !(Uri.TryCreate(webhook, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            Wrong($"'{webhook}' of {id} is not an http address");
        var approvers = entry.Number("approvers", 1);
        if (approvers < 1) Wrong($"{id} has {approvers} approvers; at least one person approves");
        else if (approvers > 1 && entry.TextOrNull("approval") is null) Wrong($"{id} has {approvers} approvers and no role that approves; write `approval`");
        var signedInWithin = entry.Duration("signedInWithin");
        if (signedInWithin <= TimeSpan.Zero) Wrong($"`signedInWithin` must be greater than zero; write {FlowDuration.Form}");
        else if (signedInWithin is not null && entry.TextOrNull("approval") is null)
            Wrong($"{id} needs a fresh sign-in and no role that approves; write `approval`");
        return new Runbook(
            id, entry.TextOrNull("title") ?? id, entry.TextOrNull("means"), entry.Texts("parameters"), entry.TextOrNull("approval"),
            entry.TextOrNull("requires"), steps, webhook, entry.Duration("within") ?? TimeSpan.FromMinutes(5))
        {
            Approvers = approvers,
            SignedInWithin = signedInWithin,
            Environment = environment,
        };

        void Wrong(string reason) => findings.Shape(entry.At, YamlRules.ValueType, reason);
    }
}
