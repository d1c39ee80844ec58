using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Decisions;

/// <summary>A command to an actor. Polymorphic on the wire and inside effects, so every concrete command has a literal name.</summary>
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
[JsonDerivedType(typeof(RecategorizeIncident), "recategorize-incident")]
[JsonDerivedType(typeof(NoteIncident), "note-incident")]
[JsonDerivedType(typeof(SetLabels), "set-labels")]
[JsonDerivedType(typeof(ChangeSeverity), "change-severity")]
[JsonDerivedType(typeof(AddResponder), "add-responder")]
[JsonDerivedType(typeof(ChangeCommander), "change-commander")]
[JsonDerivedType(typeof(IncidentTimeIsUp), "incident-time-is-up")]
[JsonDerivedType(typeof(ProposeRun), "propose-run")]
[JsonDerivedType(typeof(DecideRun), "decide-run")]
[JsonDerivedType(typeof(StartRun), "start-run")]
[JsonDerivedType(typeof(FinishRun), "finish-run")]
[JsonDerivedType(typeof(DecideApproval), "decide-approval")]
[JsonDerivedType(typeof(ApprovalTimeIsUp), "approval-time-is-up")]
[JsonDerivedType(typeof(CreateAtp), "create-atp")]
[JsonDerivedType(typeof(SetAtp), "set-atp")]
[JsonDerivedType(typeof(ChangeStatus), "change-status")]
[JsonDerivedType(typeof(CloseAtp), "close-atp")]
[JsonDerivedType(typeof(SendMessage), "send-message")]
[JsonDerivedType(typeof(AcknowledgeMessage), "acknowledge-message")]
[JsonDerivedType(typeof(HandOff), "hand-off")]
[JsonDerivedType(typeof(CreateArtifact), "create-artifact")]
[JsonDerivedType(typeof(PostNotice), "post-notice")]
[JsonDerivedType(typeof(SettleApproval), "settle-approval")]
[JsonDerivedType(typeof(AtpTimeIsUp), "atp-time-is-up")]
[JsonDerivedType(typeof(RaiseHalt), "raise-halt")]
[JsonDerivedType(typeof(LiftHalt), "lift-halt")]
[JsonDerivedType(typeof(HaltTimeIsUp), "halt-time-is-up")]
[JsonDerivedType(typeof(RegisterAgent), "register-agent")]
[JsonDerivedType(typeof(FetchInbox), "fetch-inbox")]
[JsonDerivedType(typeof(AcknowledgeHalt), "acknowledge-halt")]
[JsonDerivedType(typeof(ImportKnowledge), "import-knowledge")]
[JsonDerivedType(typeof(RequestPermit), "request-permit")]
[JsonDerivedType(typeof(RenewPermit), "renew-permit")]
[JsonDerivedType(typeof(EndPermit), "end-permit")]
[JsonDerivedType(typeof(PermitTimeIsUp), "permit-time-is-up")]
public interface ICommand;

/// <summary>The subject of a turn or a clock, which halts' scopes are compared with.</summary>
/// <param name="Agent">The handle that takes the turn (for a clock: that is being timed), or null.</param>
/// <param name="Team">The agent's team, or null.</param>
/// <param name="Atp">The ATP that is worked on, or null.</param>
/// <param name="RespondsTo">The incident that the turn serves: work on its own ATPs, and what its responders do on itself; or null.</param>
/// <param name="Urgent">The ATP belongs to an urgent flow or incident: another incident's severity halt does not stop its response.</param>
/// <param name="Service">The service that the work or the outside action is about; null if not known.</param>
/// <param name="Environment">The environment; null if not known.</param>
/// <param name="Action">The outside action that may start; null for work in the journal.</param>
/// <param name="Reads">The outside action only reads.</param>
public sealed record Subject(
    string? Agent, string? Team = null, string? Atp = null, string? RespondsTo = null, bool Urgent = false, string? Service = null,
    string? Environment = null, string? Action = null, bool Reads = false);

/// <summary>What a decision leads to besides events. Becomes due in the same commit as the events.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect")]
[JsonDerivedType(typeof(SendCommand), "tell")]
[JsonDerivedType(typeof(StartClock), "start-clock")]
[JsonDerivedType(typeof(StopClock), "stop-clock")]
public abstract record Effect;

/// <summary>A command to another actor, applied there exactly once, as soon as possible.</summary>
public sealed record SendCommand(ActorId To, ICommand Command) : Effect;

/// <summary>A command to an actor at a time. Starting a clock of the same owner and name again replaces it.</summary>
/// <param name="Subject">A halt of this subject pauses the clock; null if it always runs.</param>
public sealed record StartClock(ActorId Owner, string Name, DateTimeOffset Due, ICommand Command, Subject? Subject = null) : Effect;

public sealed record StopClock(ActorId Owner, string Name) : Effect;

/// <summary>Events of one actor within a decision.</summary>
public sealed record Change(ActorId Actor, ImmutableArray<IEvent> Events);

/// <summary>
/// The result of <c>decide</c>: events of the deciding actor first, events of actors born in the same commit after it, and
/// effects; or a refusal. Built step by step by one decider and then committed whole.
/// </summary>
public sealed class Decision
{
    private readonly List<(ActorId Actor, List<IEvent> Events)> changes = [];
    private readonly List<Effect> effects = [];

    public Rejected? Rejected { get; private init; }
    public IEnumerable<Change> Changes => changes.Select(change => new Change(change.Actor, [.. change.Events]));
    public IReadOnlyList<Effect> Effects => effects;

    /// <summary>Every event with its actor, in order.</summary>
    public IEnumerable<(ActorId Actor, IEvent Event)> Events
    {
        get
        {
            foreach (var (actor, events) in changes)
            {
                foreach (var one in events) yield return (actor, one);
            }
        }
    }

    /// <summary>The events of one actor in this decision so far, in order.</summary>
    public IReadOnlyList<IEvent> EventsOf(ActorId actor) =>
        changes.FindIndex(change => change.Actor == actor) is var index and >= 0 ? changes[index].Events : [];

    /// <summary>Facts for the answer besides the view: <c>messageId</c>, <c>approvalId</c>.</summary>
    public Dictionary<string, string> Facts { get; } = [];

    /// <summary>Warnings of the answer: the command was executed but looks like a mistake.</summary>
    public List<string> Warnings { get; } = [];

    public static implicit operator Decision(Rejected rejected) => new() { Rejected = rejected };

    public Decision Add(ActorId actor, params ReadOnlySpan<IEvent> events)
    {
        var index = changes.FindIndex(change => change.Actor == actor);
        if (index < 0)
        {
            changes.Add((actor, []));
            index = changes.Count - 1;
        }

        foreach (var one in events) changes[index].Events.Add(one);
        return this;
    }

    public Decision Add(Effect effect)
    {
        effects.Add(effect);
        return this;
    }

    public Decision AddFact(string fact, string value)
    {
        Facts[fact] = value;
        return this;
    }
}
