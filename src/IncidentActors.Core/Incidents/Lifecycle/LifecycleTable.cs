using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>The commands of an incident as a table; the decider checks status and caller by it. docs/SPECIFICATION.md shows it word for word.</summary>
public static class LifecycleTable
{
    private static readonly ImmutableArray<IncidentStatus> Ongoing =
        [IncidentStatus.Declared, IncidentStatus.Assessing, IncidentStatus.Mitigating, IncidentStatus.Monitoring];

    private static readonly ImmutableArray<IncidentStatus> Open = [.. Ongoing, IncidentStatus.Resolved];

    public static readonly ImmutableArray<LifecycleRow> Rows =
    [
        new("acknowledge", Open, null, LifecycleRole.OnIncident, "",
            "response clock ends; the calls to the other first responders no longer escalate (`--acknowledgement`)"),
        new("assess", Ongoing, IncidentStatus.Assessing, LifecycleRole.OnIncident, "",
            "acknowledged; complete: assessment clock ends, and an ATP that waits for the assessment has it"),
        new("mitigate", Ongoing, IncidentStatus.Mitigating, LifecycleRole.OnIncident, "an action, or a scenario of the matrix",
            "acknowledged; mitigation clock runs"),
        new("mitigated", Ongoing, IncidentStatus.Monitoring, LifecycleRole.OnIncident, "", "acknowledged; mitigation clock ends"),
        new("raise", Ongoing, null, LifecycleRole.OnIncident, "",
            "clocks of the severity; responders called; to SEV-1: emergency ATP begun unless one is running that owes a postmortem, directive, "
            + "other work halted, postmortem owed"),
        new("lower", Open, null, LifecycleRole.Commander, "",
            "clocks of the severity; from SEV-1: the emergency ATP that the raise began is canceled unless its fix is deployed, own halts end, "
            + "everybody called is notified"),
        new("resolve", Ongoing, IncidentStatus.Resolved, LifecycleRole.Commander,
            "a deployed fix, or the reason why none was needed; the four boxes of the verification",
            "response ATPs finish by their flow, others are canceled; postmortem or review queued; clocks end; own halts end"),
        new("cancel", Ongoing, IncidentStatus.Canceled, LifecycleRole.Commander, "a reason",
            "every open ATP canceled; approvals void; messages withdrawn; clocks end; own halts end; "
            + "everybody who was notified of the incident is notified of this; no postmortem"),
        new("reopen", [IncidentStatus.Resolved], IncidentStatus.Assessing, LifecycleRole.OnIncident, "a reason",
            "clocks run again; response ATPs go back before their resolution, or a new one begins; the queued postmortem is canceled; "
            + "everybody is notified; a SEV-1 is offered its halt"),
        new("close", [IncidentStatus.Resolved], IncidentStatus.Closed, LifecycleRole.Commander,
            "response ATPs finished; for a SEV-1 its postmortem queued or done; the knowledge entry where the flow asks; the eight success criteria, "
            + "those that the system can know checked by it, the others claimed; or a reason for those that are skipped",
            "messages of finished ATPs withdrawn"),
        new("note", [.. Open, IncidentStatus.Closed, IncidentStatus.Canceled], null, LifecycleRole.Anyone, "", ""),
        new("labels", [.. Open, IncidentStatus.Closed], null, LifecycleRole.OnIncident, "", "reports name them"),
        new("responders", Open, null, LifecycleRole.OnIncident, "a known handle", ""),
        new("commander", Open, null, LifecycleRole.Commander, "a known handle", ""),
    ];

    /// <summary>The table's name of a command; null if it is not a transition of the table.</summary>
    public static string? NameOf(IncidentState state, IncidentCommand command) => command switch
    {
        AcknowledgeIncident => "acknowledge",
        AssessIncident => "assess",
        MitigateIncident { Done: true } => "mitigated",
        MitigateIncident => "mitigate",
        ChangeSeverity change => change.Severity > state.Severity ? "lower" : "raise",
        ResolveIncident => "resolve",
        CancelIncident => "cancel",
        ReopenIncident => "reopen",
        CloseIncident => "close",
        NoteIncident => "note",
        SetLabels => "labels",
        AddResponder => "responders",
        ChangeCommander => "commander",
        _ => null,
    };

    /// <summary>Checks a command of the table: first the status, then the caller. Null: accepted so far, or the command is not in the table.</summary>
    public static Rejected? Check(IncidentState state, IncidentCommand command, World world)
    {
        if (NameOf(state, command) is not { } name) return null;
        var row = Rows.First(row => row.Command == name);
        if (!row.From.Contains(state.Status)) return NotNow(state, row);
        return command is AcknowledgeIncident && world.Call.By == Handle.PagerDuty ? null : CheckCaller(state, name, world.Caller);
    }

    /// <summary>Refuses a caller who may not give the command, whatever the status. Null: the caller may.</summary>
    /// <param name="name">The command's name in the table.</param>
    public static Rejected? CheckCaller(IncidentState state, string name, AgentInfo caller)
    {
        var row = Rows.First(row => row.Command == name);
        var may = row.By switch
        {
            LifecycleRole.Anyone => true,
            LifecycleRole.OnIncident => IncidentDecider.IsOn(state, caller),
            _ => caller.Handle == state.Commander || caller.OutranksHalts,
        };
        if (may) return null;
        return row.By == LifecycleRole.OnIncident
            ? IncidentDecider.NotOn(state, caller)
            : Rejected.Role(
                name == "lower" ? Rules.SeverityLowered : Rules.IncidentRole,
                $"{state.Commander} is the commander of {state.Id}; only {state.Commander} or the operator may give it the command '{name}'.",
                [state.Commander, Handle.Operator]);
    }

    /// <summary>Commands that the status accepts, in the order of the table.</summary>
    public static ImmutableArray<string> Accepted(IncidentStatus status) =>
        [.. Rows.Where(row => row.From.Contains(status)).Select(row => row.Command)];

    /// <summary>The table in Markdown, one line a command.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("| command | from | to | by | needs | leads to, in the same commit |\n|---|---|---|---|---|---|\n");
        foreach (var row in Rows)
        {
            var from = string.Join(", ", row.From.Select(status => status.Name()));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Command} | {from} | {row.To?.Name() ?? ""} | {By(row.By)} | {row.Needs} | {row.LeadsTo} |\n");
        }

        return text.ToString();
    }

    private static Rejected NotNow(IncidentState state, LifecycleRow row) => state.Open
        ? Rejected.Conflict(
            Rules.IncidentStatus,
            $"{state.Id} is {state.Status.Name()}; '{row.Command}' is for an incident that is {string.Join(" or ", row.From.Select(status => status.Name()))}.",
            Accepted(state.Status))
        : Rejected.Conflict(
            row.Command == "reopen" ? Rules.IncidentStatus : Rules.IncidentClosed,
            $"{state.Id} is {state.Status.Name()}, which is final; declare a related new incident.",
            Accepted(state.Status));

    private static string By(LifecycleRole role) => role switch
    {
        LifecycleRole.Anyone => "anyone",
        LifecycleRole.OnIncident => "anyone on it",
        _ => "commander, operator",
    };
}
