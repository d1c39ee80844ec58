using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Incidents;

/// <summary>Base of what can be asked of an incident's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(DeclareIncident), "declare-incident")]
[JsonDerivedType(typeof(JoinAlerts), "join-alerts")]
[JsonDerivedType(typeof(AcknowledgeIncident), "acknowledge-incident")]
[JsonDerivedType(typeof(AssessIncident), "assess-incident")]
[JsonDerivedType(typeof(MitigateIncident), "mitigate-incident")]
[JsonDerivedType(typeof(ResolveIncident), "resolve-incident")]
[JsonDerivedType(typeof(ReopenIncident), "reopen-incident")]
[JsonDerivedType(typeof(CloseIncident), "close-incident")]
[JsonDerivedType(typeof(CancelIncident), "cancel-incident")]
[JsonDerivedType(typeof(NoteIncident), "note-incident")]
[JsonDerivedType(typeof(SetLabels), "set-labels")]
[JsonDerivedType(typeof(ChangeSeverity), "change-severity")]
[JsonDerivedType(typeof(RecategorizeIncident), "recategorize-incident")]
[JsonDerivedType(typeof(AddResponder), "add-responder")]
[JsonDerivedType(typeof(ChangeCommander), "change-commander")]
[JsonDerivedType(typeof(IncidentTimeIsUp), "incident-time-is-up")]
[JsonDerivedType(typeof(ProposeRun), "propose-run")]
[JsonDerivedType(typeof(DecideRun), "decide-run")]
[JsonDerivedType(typeof(StartRun), "start-run")]
[JsonDerivedType(typeof(FinishRun), "finish-run")]
public abstract record IncidentCommand : ICommand;

/// <param name="StartedAt">First sign, UTC; null: now. Not in the future.</param>
/// <param name="DedupKey">While an incident with the key is ongoing, declaring again gives that incident.</param>
/// <param name="Group">The alert group that declares it, or null.</param>
/// <param name="Directed">The handle that a command line named: it is directed to respond.</param>
/// <param name="Flow">The flow of the first ATP; null for that of the severity.</param>
/// <param name="Signals">What each firing alert says of itself; null: <paramref name="Labels"/> and <paramref name="Category"/> are all that is said.</param>
/// <param name="Truncated">The sender left alerts out: that those which it told have resolved does not mean that all have.</param>
public sealed record DeclareIncident(
    string Title,
    Severity? Severity = null,
    IncidentCategory? Category = null,
    string? Description = null,
    DateTimeOffset? StartedAt = null,
    ImmutableSortedDictionary<string, string>? Labels = null,
    string Source = "api",
    string? DedupKey = null,
    string? Group = null,
    ImmutableArray<AlertSeen> Alerts = default,
    string? Directed = null,
    string? RelatedTo = null,
    string? Flow = null,
    ImmutableArray<AlertSignal>? Signals = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Truncated = false) : IncidentCommand
{
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Labels ?? ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<AlertSeen> Alerts { get; init; } = Alerts.IsDefault ? [] : Alerts;
}

/// <param name="Severity">Severity of alerts that do not give one.</param>
/// <param name="Labels">What the alerts say in common: halt conditions are recognised by it where <paramref name="Signals"/> are not given.</param>
/// <param name="Truncated">The sender left alerts out: that those which it told have resolved does not mean that all have.</param>
/// <param name="Signals">Signals of the firing alerts. Only new ones count.</param>
/// <param name="Source">Source of the alerts; null: that of the incident.</param>
public sealed record JoinAlerts(
    string? Group, ImmutableArray<AlertSeen> Alerts, Severity? Severity, ImmutableSortedDictionary<string, string>? Labels = null,
    bool Truncated = false, ImmutableArray<AlertSignal>? Signals = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source = null) : IncidentCommand
{
    /// <summary>The alerts came with a declaration, which this answers: the incident, as one that was not created by it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Declared { get; init; }
}

public sealed record AcknowledgeIncident(string? Notes = null) : IncidentCommand;

/// <param name="Checks">Ids out of <see cref="Checklists.QuickChecks"/>.</param>
public sealed record AssessIncident(
    string? Broken = null,
    string? UsersAffected = null,
    string? Since = null,
    string? Changed = null,
    ImmutableArray<string> Checks = default) : IncidentCommand
{
    public ImmutableArray<string> Checks { get; init; } = Checks.IsDefault ? [] : Checks;
}

/// <param name="Action">One of <see cref="MitigationMatrix.Actions"/>, or null with a <paramref name="Scenario"/> that decides it.</param>
/// <param name="Done">The mitigation works: the incident is monitored from now on.</param>
public sealed record MitigateIncident(
    string? Action = null, string? Scenario = null, int? ExpectedMinutes = null, bool Done = false, string? Notes = null) : IncidentCommand;

/// <param name="Verified">Ids out of <see cref="Checklists.Verification"/>; all four are needed.</param>
/// <param name="NoFix">Why the incident is over although no fix was deployed, or null.</param>
public sealed record ResolveIncident(
    string? Summary = null, string? Impact = null, string? Fix = null, ImmutableArray<string> Verified = default, string? NoFix = null)
    : IncidentCommand
{
    public ImmutableArray<string> Verified { get; init; } = Verified.IsDefault ? [] : Verified;
}

public sealed record ReopenIncident(string Reason) : IncidentCommand;

/// <param name="Criteria">Ids out of <see cref="Checklists.SuccessCriteria"/>; all eight, or <paramref name="OverrideReason"/>.</param>
public sealed record CloseIncident(
    ImmutableArray<string> Criteria = default, string? OverrideReason = null, string? Notes = null) : IncidentCommand
{
    public ImmutableArray<string> Criteria { get; init; } = Criteria.IsDefault ? [] : Criteria;
}

public sealed record CancelIncident(string Reason) : IncidentCommand;

public sealed record NoteIncident(string Text) : IncidentCommand;

/// <summary>Names and links for reports; a label that is there is replaced. Criteria and conditions are not looked at again.</summary>
public sealed record SetLabels(ImmutableSortedDictionary<string, string> Labels) : IncidentCommand;

public sealed record ChangeSeverity(Severity Severity, string? Reason = null) : IncidentCommand;

/// <summary>Corrects the category.</summary>
public sealed record RecategorizeIncident(IncidentCategory Category, string? Reason = null) : IncidentCommand;

public sealed record AddResponder(string Handle, string Role) : IncidentCommand;

public sealed record ChangeCommander(string Handle, string? Reason = null) : IncidentCommand;

/// <summary>A clock of the incident rang: <c>respond</c>, <c>assess</c>, <c>mitigation</c> or <c>halt</c>.</summary>
public sealed record IncidentTimeIsUp(string Clock) : IncidentCommand;
