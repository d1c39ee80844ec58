using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncidentActors.Core.NextSteps;

/// <summary>One step that is still to be taken: by whom, and by which tool and command line.</summary>
/// <param name="Who">A handle; in a refusal, where no roster is at hand, a role.</param>
/// <param name="Subject">Id of the incident, ATP, approval, message or halt that it is about.</param>
/// <param name="Command">The command line. Texts in it are examples to replace; <c>@report.md</c> reads the file of that name.</param>
/// <param name="After">What must come first; null: it can be done now.</param>
/// <param name="Sections">Headings that the file named in the command must have; <c>branch: hotfix/</c> where the text under one has a beginning.</param>
public sealed record NextAction(
    string Who, string What, string Subject, string Tool, string Command,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? After = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Sections = null);

/// <summary>What an incident or an ATP still needs, in the order in which it can be done.</summary>
/// <param name="Id">The incident or the ATP.</param>
public sealed record NextActionsView(string Id, string Status, ImmutableArray<NextAction> Actions);
