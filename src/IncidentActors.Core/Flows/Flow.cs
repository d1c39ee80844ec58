using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Flows;

/// <summary>A table of states and rows that an ATP follows, at one version. Loaded from YAML, checked, never changed.</summary>
public sealed record Flow
{
    /// <summary>Characters before the colon of a marker, an emoji among them.</summary>
    private const int MaxMarkerLength = 40;

    /// <summary>Lower-case name, unique among loaded flows: <c>emergency</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Grows with every change of the table; a running ATP stays on the version that it began with.</summary>
    public required int Version { get; init; }

    public required string Title { get; init; }

    /// <summary>Where the rules come from, for readers: <c>seed 000</c>.</summary>
    public string? Source { get; init; }

    /// <summary>True: bypasses the queue, belongs to an incident, and a new ATP without one declares it.</summary>
    public bool Urgent { get; init; }

    /// <summary>Rank of the flow when the keywords of several flows match; the highest wins.</summary>
    public int Urgency { get; init; }

    public Priority Priority { get; init; } = Priority.P2;

    /// <summary>Scope of the halt that declaring raises (<c>all</c>), or null if other work continues.</summary>
    public string? Halts { get; init; }

    /// <summary>Words in an ATP's id, title or notes that speak of this flow (front matter of the seeds), normalised: <c>sev1</c>. They choose an
    /// ordinary flow; an urgent one they only suggest.</summary>
    public ImmutableArray<string> Keywords { get; init; } = [];

    /// <summary>Beginnings of ATP ids that choose this flow: <c>AT-EMRG-</c>.</summary>
    public ImmutableArray<string> Ids { get; init; } = [];

    /// <summary>Words that choose this flow where notes or title begin with one of them and a colon, on an ATP that is begun at once: <c>SEV-1</c>.</summary>
    public ImmutableArray<string> Markers { get; init; } = [];

    public required ImmutableArray<FlowState> States { get; init; }

    public ImmutableArray<FlowGate> Gates { get; init; } = [];

    /// <summary>Work in parallel to the main path that must be finished before a row may be taken (seed 002 §4).</summary>
    public ImmutableArray<FlowBranch> Branches { get; init; } = [];

    public ImmutableArray<FlowPhase> Phases { get; init; } = [];

    public required ImmutableArray<FlowRow> Rows { get; init; }

    /// <summary>What follows the marker and the colon that the text begins with; null if it begins with none of the flow's markers.</summary>
    public string? AfterMarker(string? text)
    {
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon is < 1 or > MaxMarkerLength) return null;
        var marker = FlowKeywords.Normalise(text![..colon]);
        return Markers.Any(known => FlowKeywords.Normalise(known) == marker) ? text[(colon + 1)..].Trim() : null;
    }

    /// <summary>The state a new ATP starts in, when it is created without a status.</summary>
    public string InitialState => Rows.First(row => row.IsStart).To;

    /// <summary>The state of that name in any spelling (<c>in_progress</c>, <c>In Progress</c>), or of another name for it; or null.</summary>
    public FlowState? State(string name) =>
        States.FirstOrDefault(state => string.Equals(state.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? States.FirstOrDefault(state => FlowKeywords.Letters(state.Name) == FlowKeywords.Letters(name))
        ?? States.FirstOrDefault(state => state.Also.Any(other => FlowKeywords.Letters(other) == FlowKeywords.Letters(name)));

    /// <summary>In this state the fix is in production: the flow says so of its states, or a row resolves the incident out of it or into it.</summary>
    public bool HasDeployed(string name) => States.Any(state => state.Deployed)
        ? State(name)?.Deployed == true
        : Rows.Any(row => row.Emits.Incident == IncidentStep.Resolved
            && (string.Equals(row.From, name, StringComparison.OrdinalIgnoreCase) || string.Equals(row.To, name, StringComparison.OrdinalIgnoreCase)));

    public FlowGate? Gate(string id) => Gates.FirstOrDefault(gate => gate.Id == id);

    /// <summary>
    /// The entry undid work: by a row that rolls back, or by a rejected approval
    /// that sent the ATP to a state which only rows that roll back lead to.
    /// </summary>
    public bool LeadsBack(HistoryEntry entry) => Rows.FirstOrDefault(row => row.Number == entry.Row) is { } row
        && (row.To == entry.To
            ? row.Rollback
            : row.Requires.Approval?.RejectTo == entry.To && Rows.Where(other => other.To == entry.To).All(other => other.Rollback));

    /// <summary>Rows that lead out of <paramref name="from"/>, in the order of the table.</summary>
    public IEnumerable<FlowRow> From(string from) =>
        Rows.Where(row => row.Kind == RowKind.Transition && string.Equals(row.From, from, StringComparison.OrdinalIgnoreCase));
}

/// <param name="Terminal">An ATP in this state is finished; nothing leads out.</param>
/// <param name="Active">Somebody works on it: it can be set aside by a halt and its budget runs.</param>
/// <param name="Deployed">The fix is in production and holds.</param>
public sealed record FlowState(string Name, bool Terminal = false, bool Active = false, string? Means = null, bool Deployed = false)
{
    /// <summary>Other names that callers use for it: <c>Done</c>.</summary>
    public ImmutableArray<string> Also { get; init; } = [];
}

/// <summary>A yes/no question that must be answered before a row that requires it may be taken.</summary>
public sealed record FlowGate(string Id, string Question, string? Criteria = null);

/// <param name="StartsIn">The state from which the branch may be worked.</param>
/// <param name="DoneBy">Creating this artifact ends the branch.</param>
public sealed record FlowBranch(string Id, string Title, string StartsIn, string Role, string DoneBy);

/// <summary>A stretch of states with one time budget; overrunning it is said, never silently accepted (seed 004).</summary>
public sealed record FlowPhase(string Id, string Title, ImmutableArray<string> States, TimeSpan Within);

public enum RowKind
{
    /// <summary>From <c>(new)</c> or <c>(alert)</c>: how an ATP of this flow begins.</summary>
    Start,

    /// <summary>From one state to another, or to itself.</summary>
    Transition,

    /// <summary>From <c>(post)</c>: a follow-up ATP created in the same commit as the closure.</summary>
    FollowUp,
}

/// <summary>One row of the table: who may take the ATP from where to where, by what, and what the row owes.</summary>
public sealed record FlowRow
{
    /// <summary>The row's number in the seed's table, 1-based, unique in the flow.</summary>
    public required int Number { get; init; }
    public required RowKind Kind { get; init; }

    /// <summary>Name of a state, or <c>(new)</c>, <c>(alert)</c>, <c>(post)</c>.</summary>
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary>What happened, in words: <c>Fix ready</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>The role that takes the row; <c>owner</c> is the ATP's owner, <c>any</c> is everybody.</summary>
    public required string Role { get; init; }

    /// <summary>Tools that may take the row (<c>atp_set</c>, <c>atp_change_status</c>, <c>handoff</c>, <c>message_ack</c>, <c>atp_close</c>).
    /// <c>external</c> means outside work that is reported by <c>atp_change_status</c> or <c>atp_set</c>.</summary>
    public required ImmutableArray<string> Tools { get; init; }
    public RowHitl Hitl { get; init; } = RowHitl.None;
    public RowRequires Requires { get; init; } = new();
    public RowEmits Emits { get; init; } = new();

    /// <summary>Time that the ATP may stay in <see cref="From"/> before the row is overdue, or null.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>The row undoes work (a rollback); the checker demands that it leads somewhere.</summary>
    public bool Rollback { get; init; }

    /// <summary>The row ends the turn of the agent that takes it (message boundary rule).</summary>
    public bool EndsTurn { get; init; }

    /// <summary>The system takes the row itself as soon as <see cref="Requires"/> is met (a decision node of seed 004).</summary>
    public bool Automatic { get; init; }

    public bool IsStart => Kind == RowKind.Start;
}

public enum RowHitl
{
    None,

    /// <summary><c>@operator</c> is notified.</summary>
    Notify,

    /// <summary><c>@operator</c> is notified, and an approval must be given first.</summary>
    Approve,
}

/// <summary>What must be true before the row may be taken. Each unmet requirement has its own rule id.</summary>
public sealed record RowRequires
{
    public ImmutableArray<string> Gates { get; init; } = [];
    public ImmutableArray<RequiredArtifact> Artifacts { get; init; } = [];
    public ImmutableArray<string> Branches { get; init; } = [];
    public RowApproval? Approval { get; init; }

    /// <summary>Taking the row answers its <see cref="Gates"/> with yes; the answers are recorded in the taker's name (seed 001).</summary>
    public bool GatesVerifiedByTaker { get; init; }

    /// <summary>The incident's severities for which the row exists (deploy path by severity); empty: all.</summary>
    public ImmutableArray<string> Severities { get; init; } = [];
}

/// <param name="Type">Artifact type: <c>PMVerificationReport</c>.</param>
/// <param name="Outcome">The latest artifact of the type must have this outcome (<c>passed</c>, <c>failed</c>, <c>critical</c> …), or null.</param>
/// <param name="Sections">Headings that must be present and filled.</param>
/// <param name="By">Role that must have made it; null for any role.</param>
/// <param name="Fresh">Only an artifact made since the ATP came into <see cref="FlowRow.From"/> counts: after a rollback, the tests are run again.</param>
public sealed record RequiredArtifact(
    string Type, string? Outcome = null, ImmutableArray<string> Sections = default, string? By = null, bool Fresh = false)
{
    /// <summary>Required beginning of a section's text, by heading: a hotfix branch begins with <c>hotfix/</c> (seed 004). Other texts are refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, string>? Begins { get; init; }

    /// <summary>Required first characters of the text of the section; empty if there is no such requirement.</summary>
    public string Beginning(string section) => Begins?.GetValueOrDefault(section) ?? "";
}

/// <summary>The approval that the row needs; asked for as soon as the ATP is in <see cref="FlowRow.From"/>.</summary>
/// <param name="OnTimeout">What happens without a decision within <paramref name="Within"/>; an automatic approval is marked as automatic.</param>
/// <param name="VerifiesGates">Approving also answers the row's gates with yes, in the approver's name.</param>
/// <param name="RejectTo">The state to which a rejection takes the ATP back; null:
/// it stays, and another row out of <see cref="FlowRow.From"/> is taken.</param>
public sealed record RowApproval(
    string Role, string Question, TimeSpan Within, ApprovalTimeout OnTimeout, bool VerifiesGates = false, string? RejectTo = null)
{
    /// <summary>Two to four ways to answer; empty: yes and no.</summary>
    public ImmutableArray<RowOption> Options { get; init; } = [];

    /// <summary>Id of the option that the flow's author would choose, or null.</summary>
    public string? Recommend { get; init; }

    /// <summary>How many different persons must approve; one rejection rejects. The handles of one person count once.</summary>
    public int Approvers { get; init; } = 1;

    /// <summary>Who decides must have signed in within this time; null if any valid credentials decide.</summary>
    public TimeSpan? SignedInWithin { get; init; }
}

/// <param name="Risk">What can go wrong with it, in words.</param>
/// <param name="Approves">False: choosing it rejects.</param>
public sealed record RowOption(string Id, string Text, string? Risk, bool Approves);

public enum ApprovalTimeout
{
    Approve,
    Reject,

    /// <summary>Stays open; the row stays closed; reminders and escalation go on.</summary>
    Block,
}

public sealed record RowEmits
{
    public ImmutableArray<RowMessage> Messages { get; init; } = [];

    /// <summary>The follow-up ATP of a <see cref="RowKind.FollowUp"/> row.</summary>
    public RowFollowUp? FollowUp { get; init; }

    /// <summary>What taking the row leaves undone (skipped review, deferred tests), recorded on the follow-up.</summary>
    public ImmutableArray<string> Debt { get; init; } = [];

    /// <summary>What taking the row means for the ATP's incident; null if it means nothing.</summary>
    public IncidentStep? Incident { get; init; }
}

/// <summary>What a row of an ATP's flow does to its incident, in the same commit.</summary>
public enum IncidentStep
{
    /// <summary>The bleeding has stopped; the incident is monitored.</summary>
    Mitigated,

    /// <summary>The incident is over; the row's artifact is the proof.</summary>
    Resolved,

    /// <summary>It is not urgent: the incident becomes SEV-3.</summary>
    Lowered,
}

/// <summary>A message that the row owes. The agent may send it itself; after the grace time the system does.
/// Placeholders in subject and body: <c>{atp}</c>, <c>{title}</c>, <c>{incident}</c>, <c>{severity}</c>, <c>{by}</c>, <c>{followUp}</c>.</summary>
/// <param name="To">A role (<c>dev</c>) or <c>operator</c>.</param>
public sealed record RowMessage(MessageType Type, string To, Priority Priority, string Subject, string Body, bool RequiresAck = false);

/// <summary>The ATP that a closure creates in the same commit. It starts in the row's <see cref="FlowRow.To"/>, a state of <paramref name="Flow"/>.</summary>
/// <param name="Within">Due this long after the closure.</param>
/// <param name="Sections">Headings that the artifact which closes the follow-up must have, in addition to those of its flow.</param>
/// <param name="After">Entering this terminal state creates it; null means every terminal state does.</param>
public sealed record RowFollowUp(
    string Type, string Flow, string Title, string Role, TimeSpan Within, ImmutableArray<string> Sections = default, string? After = null);
