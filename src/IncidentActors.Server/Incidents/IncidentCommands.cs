using System.Collections.Immutable;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Incidents;

/// <summary>
/// What can be asked of an incident, with each command's arguments: the paths
/// below <c>/api/incidents/{id}/</c> and the tool <c>incident_update</c>.
/// </summary>
internal static class IncidentCommands
{
    /// <param name="Needs">The argument without which the command says nothing, or null.</param>
    public sealed record Entry(
        string Name, ImmutableArray<string> Arguments, string? Needs, string Summary, Func<IncidentUpdateArguments, IncidentCommand> Make);

    public static readonly ImmutableArray<Entry> All =
    [
        new("acknowledge", ["notes"], null, "Acknowledges the incident.", given => new AcknowledgeIncident(given.Notes)),
        new("assess", ["broken", "usersAffected", "since", "changed", "checks"], null, "Answers the assessment's questions; what is left out stays as it is.",
            given => new AssessIncident(given.Broken, given.UsersAffected, given.Since, given.Changed, [.. given.Checks ?? []])),
        new("mitigate", ["action", "scenario", "expectedMinutes", "done", "notes"], null, "Chooses a mitigation, or says that it works.",
            given => new MitigateIncident(given.Action, given.Scenario, given.ExpectedMinutes, given.Done ?? false, given.Notes)),
        new("resolve", ["summary", "impact", "fix", "verified", "noFix"], null,
            "The incident is over; needs a deployed fix, or the reason why none was needed, and the whole verification checklist.",
            given => new ResolveIncident(given.Summary, given.Impact, given.Fix, [.. given.Verified ?? []], given.NoFix)),
        new("reopen", ["reason"], "reason", "Reopens a resolved incident.", given => new ReopenIncident(given.Reason!)),
        new("close", ["criteria", "overrideReason", "notes"], null, "Closes a resolved incident; needs all success criteria or an override.",
            given => new CloseIncident([.. given.Criteria ?? []], given.OverrideReason, given.Notes)),
        new("cancel", ["reason"], "reason", "Cancels a false alarm and undoes what the incident started.", given => new CancelIncident(given.Reason!)),
        new("note", ["text"], "text", "Adds a note to the timeline.", given => new NoteIncident(given.Text!)),
        new("labels", ["labels"], "labels", "Sets names and links for reports: issue, dashboard, logs, sprint, revenue_impact.",
            given => new SetLabels(given.Labels!.ToImmutableSortedDictionary(StringComparer.Ordinal))),
        new("severity", ["severity", "reason"], "severity", "Raises or lowers the severity.", given => new ChangeSeverity(given.Severity!.Value, given.Reason)),
        new("recategorize", ["category", "reason"], "category", "Corrects the category; responders, escalation and condition follow it.",
            given => new RecategorizeIncident(given.Category!.Value, given.Reason)),
        new("responders", ["handle", "role"], "handle", "Adds a responder.", given => new AddResponder(given.Handle!, given.Role ?? "responder")),
        new("commander", ["handle", "reason"], "handle", "Changes the commander.", given => new ChangeCommander(given.Handle!, given.Reason)),
    ];

    public static Entry? Find(string name) => All.FirstOrDefault(entry => entry.Name == name);

    /// <summary>The command's value of its needed argument is there.</summary>
    public static bool HasNeeded(Entry entry, IncidentUpdateArguments given) => entry.Needs switch
    {
        "reason" => !string.IsNullOrWhiteSpace(given.Reason),
        "text" => !string.IsNullOrWhiteSpace(given.Text),
        "severity" => given.Severity is not null,
        "category" => given.Category is not null,
        "labels" => given.Labels is { Count: > 0 },
        "handle" => given.Handle is not null,
        _ => true,
    };

    /// <summary>An argument that belongs to other commands only, or null. One that is zero or false says nothing of them.</summary>
    public static string? Foreign(Entry entry, System.Text.Json.JsonElement arguments) =>
        arguments.EnumerateObject()
            .Where(given => given.Value.ValueKind != System.Text.Json.JsonValueKind.False && given.Value.GetRawText() != "0")
            .Select(given => given.Name)
            .FirstOrDefault(name => name is not ("incidentId" or "command" or "override") && !entry.Arguments.Contains(name));

    public static Core.Decisions.Rejected Unknown(string name) =>
        Arguments.Malformed(
            $"There is no command '{name}'; there are {string.Join(", ", All.Select(entry => entry.Name))}.", [.. All.Select(entry => entry.Name)]);
}
