using System.Collections.Immutable;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Cli.Drill;

/// <summary>A drill of an incident's life instead of a flow: commands of people, and what must be true after them.</summary>
/// <param name="Calls">In order, after the incident was declared.</param>
/// <param name="Checks">Looked at when all are made.</param>
internal sealed record DrillScenario(
    string Name, string Title, DrillCall Declare, ImmutableArray<DrillCall> Calls, ImmutableArray<(string Name, Func<DrillOutcome, bool> Holds)> Checks)
{
    /// <summary>A false alarm: canceled, nothing of it is left. Raised: a SEV-3 becomes a SEV-1, is resolved and leaves its postmortem.</summary>
    public static ImmutableArray<DrillScenario> All { get; } = [FalseAlarm, Raised];

    private static DrillScenario FalseAlarm => new(
        "false-alarm", "False alarm: everything that the incident began is taken back", Declaring(Severity.Sev1),
        [Update("@pm", "cancel", ("reason", "a test of the monitor"))],
        [
            ("the incident is canceled", outcome => outcome.Incident.Status == IncidentStatus.Canceled),
            ("its ATPs are canceled", outcome => outcome.Atps.All(atp => atp is { Finished: true, Status: "Canceled" })),
            ("no postmortem is owed", outcome => outcome.Atps.All(atp => atp.Type != "postmortem")),
            ("its halt is lifted", outcome => outcome.Halts.All(halt => halt.LiftedAt is not null)),
            ("no acknowledgement is open", outcome => !outcome.Inboxes.Any(message => message is { RequiresAck: true, AckedAt: null })),
            ("everybody who was directed is notified", outcome => outcome.Inboxes.Any(IsTheNews)),
        ]);

    private static DrillScenario Raised => new(
        "raised", "Raised to SEV-1 on the way: the work is raised with it", Declaring(Severity.Sev3),
        [
            Update("@pm", "severity", ("severity", "SEV-1"), ("reason", "all users now")),
            Update("@pm", "resolve", ("noFix", "the provider is back"), ("verified", JsonParts.Array(Checklists.Verification.Select(item => item.Id)))),
        ],
        [
            ("an emergency was begun", outcome => outcome.Atps.Any(atp => atp.Flow == "emergency")),
            ("other work was halted, and the halt ended with the incident", outcome => outcome.Halts is [{ LiftedAt: not null }]),
            ("the incident is resolved", outcome => outcome.Incident.Status == IncidentStatus.Resolved),
            ("its postmortem is queued", outcome => outcome.Atps.Any(atp => atp is { Type: "postmortem", Finished: false })),
        ]);

    private static bool IsTheNews(Core.Messages.MessageView message) => message.Subject.StartsWith("False alarm", StringComparison.Ordinal);

    private static DrillCall Declaring(Severity severity) => new(
        "@pm", "/api/incidents", JsonParts.Body(("title", DrillAlert.Title), ("severity", severity.Name())));

    private static DrillCall Update(string by, string command, params ReadOnlySpan<(string Name, JsonNode? Value)> arguments) =>
        new(by, $"/api/incidents/{{incident}}/{command}", JsonParts.Body(arguments));

    /// <summary>The handles with inboxes to check.</summary>
    public static ImmutableArray<string> Readers { get; } = ["@dev", "@sre", "@owen", "@derek", Handle.Operator];
}

/// <summary>What the server tells after a scenario.</summary>
internal sealed record DrillOutcome(
    IncidentView Incident, ImmutableArray<Core.Atps.AtpView> Atps, ImmutableArray<Core.Halts.HaltView> Halts,
    ImmutableArray<Core.Messages.MessageView> Inboxes);
