using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.NextSteps;
using IncidentActors.Engine.Access;
using IncidentActors.Engine;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Incidents;

internal static class IncidentTools
{
    private const int MaxLabels = 64;
    private const int MaxTitleLength = 300;
    private const int MaxLabelLength = 1000;
    private const int MaxMinutes = 7 * 24 * 60;

    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<IncidentDeclareArguments>(
            new(
                "incident_declare",
                "Declare an incident",
                "Declares an incident with its first ATP, commander, responders, clocks, and for SEV-1 a halt of all other work. "
                + "The answer's 'created' is false when an ongoing one with the dedupKey was given instead."),
            typeof(IncidentView), DeclareAsync, CommandAccess.Own),
        Tool.Of<IncidentGetArguments>(
            new(
                "incident_get",
                "Look at an incident",
                "Severity, status, commander, responders, ATPs, halts, times, alerts and similar incidents.",
                ReadOnly: true,
                Idempotent: true),
            typeof(IncidentView), GetAsync, CommandAccess.Own),
        Tool.Of<IncidentNextArguments>(
            new(
                "incident_next",
                "What is owed next",
                "What an incident or an ATP still needs until it is closed: by whom, and the tool and the command line that do it.",
                ReadOnly: true,
                Idempotent: true),
            typeof(NextActionsView), NextAsync, CommandAccess.Own),
        Tool.Of<IncidentUpdateArguments>(
            new(
                "incident_update",
                "Work on an incident",
                "Acknowledges, assesses, mitigates, resolves, reopens, closes or cancels it, adds a note or a responder, changes severity or commander.",
                Destructive: true),
            typeof(IncidentView), UpdateAsync, CommandAccess.To<IncidentUpdateArguments>(given => [ActorId.Incident(given.IncidentId)])),
    ];

    private static Task<Outcome> DeclareAsync(ToolCall call, IncidentDeclareArguments given)
    {
        var (declare, refusal) = Declaration(given, call.Engine.Options);
        return declare is null ? Task.FromResult<Outcome>(refusal!) : call.Engine.Declarations.DeclareAsync(declare, call.Call);
    }

    private static (DeclareIncident? Declare, Rejected? Refusal) Declaration(IncidentDeclareArguments given, EngineOptions options)
    {
        var names = Arguments.Names(ServerJson.Info<IncidentDeclareArguments>());
        DeclareIncident? text = null;
        if (given.Text is not null)
        {
            if (given.Title is not null) return (null, Arguments.Malformed("Give 'text' or 'title', not both."));
            if (DeclarationText.Read(given.Text, options.Flows, out text) is { } malformed) return (null, malformed);
        }

        var title = text?.Title ?? given.Title;
        if (string.IsNullOrWhiteSpace(title)) return (null, Arguments.Missing("title", names));
        if ((text?.Severity ?? given.Severity) is not { } severity) return (null, Arguments.Missing("severity", [Severities.Accepted]));
        if (given.Severity is { } also) severity = Severities.Higher(severity, also);
        var labels = given.Labels ?? [];
        if (WrongLabels(labels) is { } wrong) return (null, wrong);
        return (new DeclareIncident(
            Shortened.Cut(title, MaxTitleLength),
            severity,
            given.Category ?? text?.Category,
            Description(given.Description, text?.Description),
            given.StartedAt?.ToUniversalTime(), labels.ToImmutableSortedDictionary(StringComparer.Ordinal), text is null ? "api" : "command",
            string.IsNullOrWhiteSpace(given.DedupKey) ? null : given.DedupKey, null, [], text?.Directed, given.RelatedTo, given.Flow ?? text?.Flow), null);
    }

    private static Rejected? WrongLabels(Dictionary<string, string> labels) =>
        labels.Count > MaxLabels || labels.Any(label => label.Key.Length > MaxLabelLength || label.Value is null || label.Value.Length > MaxLabelLength)
            ? Arguments.Malformed($"The argument 'labels' must hold at most {MaxLabels} names with texts of at most {MaxLabelLength} characters.")
            : null;

    private static string? Description(string? given, string? inText) =>
        given is not null && inText is not null ? $"{inText}\n\n{given}" : given ?? inText;

    private static async Task<Outcome> GetAsync(ToolCall call, IncidentGetArguments given)
    {
        var view = await call.Engine.Views.IncidentAsync(given.IncidentId);
        return QueryResults.At(view, view?.Version ?? 0, () => IncidentDecider.Unknown(given.IncidentId));
    }

    private static async Task<Outcome> NextAsync(ToolCall call, IncidentNextArguments given) => QueryResults.At(
        await call.Engine.Views.NextAsync(given.Id), 0,
        () => given.Id.StartsWith("AT-", StringComparison.OrdinalIgnoreCase) ? AtpDecider.Unknown(given.Id) : IncidentDecider.Unknown(given.Id));

    private static Task<Outcome> UpdateAsync(ToolCall call, IncidentUpdateArguments given)
    {
        if (IncidentCommands.Find(given.Command) is not { } entry) return Task.FromResult<Outcome>(IncidentCommands.Unknown(given.Command));
        if (IncidentCommands.Foreign(entry, call.Arguments) is { } foreign) return Task.FromResult<Outcome>(Arguments.Unknown(foreign, entry.Arguments));
        if (!IncidentCommands.HasNeeded(entry, given)) return Task.FromResult<Outcome>(Arguments.Missing(entry.Needs!, entry.Arguments));
        if (given.Labels is { } labels && WrongLabels(labels) is { } wrong) return Task.FromResult<Outcome>(wrong);
        if (given.ExpectedMinutes is < 0 or > MaxMinutes)
            return Task.FromResult<Outcome>(Arguments.Malformed($"The argument 'expectedMinutes' must be 0 to {MaxMinutes}."));
        var incident = call.Engine.Actors.Incident(given.IncidentId);
        return incident.DoAsync(entry.Make(given), call.Because(given.Override).Call).WithCurrentAsync(() => call.Engine.Views.IncidentAsync(given.IncidentId));
    }
}
