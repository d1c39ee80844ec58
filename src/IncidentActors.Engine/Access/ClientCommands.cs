using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Engine.Access;

/// <summary>The commands that a client of grains may send. All others are the system's own: clocks, effects, results of runs, alerts.</summary>
public static class ClientCommands
{
    /// <summary>What the command changes, for <see cref="AccessPolicy.CheckTouchedAsync"/>; null: no client may send it.</summary>
    /// <param name="home">The actor that it is sent to; null: a declaration's grain.</param>
    public static IEnumerable<Touched>? Touches(ActorId? home, ICommand command) => (home?.Kind, command) switch
    {
        (null, DeclareIncident { Alerts.IsEmpty: true, Group: null, Signals: null }) => [],
        (ActorKind.Incident, AcknowledgeIncident or AssessIncident or MitigateIncident or ResolveIncident or ReopenIncident or CloseIncident
            or CancelIncident or NoteIncident or SetLabels or ChangeSeverity or RecategorizeIncident or AddResponder or ChangeCommander
            or ProposeRun or DecideRun) => [home.Value],
        (ActorKind.Atp, CreateAtp create) =>
        [
            .. Touched.Named(create.IncidentId, ActorId.Incident),
            .. Touched.Named(create.ParentAtpId, ActorId.Atp),
            .. Touched.Named(create.Owner, ActorId.Agent),
        ],
        (ActorKind.Atp, SetAtp set) => [home.Value, .. Touched.Named(set.Owner, ActorId.Agent)],
        (ActorKind.Atp, ChangeStatus or CloseAtp or SendMessage or AcknowledgeMessage or HandOff or CreateArtifact) => [home.Value],
        (ActorKind.Atp, SettleApproval { Decision: DecideApproval } settle) => [home.Value, ActorId.Approval(settle.ApprovalId)],
        (ActorKind.Halt, RaiseHalt raise) => [Touched.Of(raise.Scope), .. Touched.Named(raise.IncidentId, ActorId.Incident)],
        (ActorKind.Halt, LiftHalt lift) => [lift.Scope is { } part ? Touched.Of(part) : home.Value],
        (ActorKind.Permit, RequestPermit { BreakGlass: null } request) => Touched.Named(request.AtpId, ActorId.Atp),
        (ActorKind.Permit, RenewPermit or EndPermit) => [home.Value],
        (ActorKind.Agent, AcknowledgeHalt) => [],
        (ActorKind.Knowledge, ImportKnowledge) => [Touched.Shared],
        _ => null,
    };
}
