using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>The ATPs that respond to an incident: its first one, and those with a flow that resolves incidents.</summary>
internal static class ResponseWork
{
    private const string IncidentType = "incident";

    /// <summary>Every ATP of the incident as the decision has changed it so far.</summary>
    public static IEnumerable<AtpTurn> All(World world, Decision decision, IncidentState incident) =>
        incident.Atps.Select(id => AtpTurn.Of(world, id, decision)).Where(turn => turn.Exists);

    /// <summary>Response ATPs that are not finished.</summary>
    public static List<AtpTurn> Open(World world, Decision decision, IncidentState incident) =>
        [.. All(world, decision, incident).Where(turn => !turn.State.Finished && Answers(turn))];

    /// <summary>The flow has a row by which the incident is resolved.</summary>
    public static bool Resolves(AtpTurn turn) => turn.Flow.Rows.Any(row => row.Emits.Incident == IncidentStep.Resolved);

    /// <summary>The flow does not end without a postmortem: a row asks for one, or leaves one behind.</summary>
    public static bool OwesPostmortem(Flow flow) => flow.Rows.Any(row =>
        row.Emits.FollowUp?.Type == Obligations.PostmortemType || row.Requires.Artifacts.Any(artifact => artifact.Type == Obligations.PostmortemArtifact));

    /// <summary>The row out of the ATP's state by which its incident is resolved, or null if the ATP has not reached it yet.</summary>
    public static FlowRow? ResolvingRow(AtpTurn turn) => turn.Flow.From(turn.State.Status).FirstOrDefault(row => row.Emits.Incident == IncidentStep.Resolved);

    /// <summary>The fix of the ATP is in production, since the incident was reopened if it was.</summary>
    public static bool Deployed(AtpTurn turn, IncidentState incident) =>
        !turn.State.Canceled
        && turn.Flow.HasDeployed(turn.State.Status)
        && !(turn.State.ClosedAt <= incident.ReopenedAt);

    /// <summary>The state in which the ATP's fix counts as deployed and verified.</summary>
    public static FlowState ResolvedState(AtpTurn turn) =>
        turn.Flow.States.FirstOrDefault(state => state.Deployed)
        ?? turn.Flow.State(turn.Flow.Rows.FirstOrDefault(row => row.Emits.Incident == IncidentStep.Resolved)?.To ?? "")
        ?? turn.Flow.States.First(state => state.Terminal);

    /// <summary>A fix is in production: of an urgent response, or the finished first ATP of an ordinary one.</summary>
    public static bool AnyDeployed(World world, Decision decision, IncidentState incident) =>
        All(world, decision, incident).Any(turn => Answers(turn) && Deployed(turn, incident));

    private static bool Answers(AtpTurn turn) => Resolves(turn) || turn.State.Type == IncidentType;

    /// <summary>A new response ATP begins, as a declaration's does: by the system, its messages sent at once.</summary>
    /// <param name="parent">The ATP whose work it takes over, or null.</param>
    public static AtpTurn Begin(World world, Decision decision, IncidentState incident, Flow flow, string? parent)
    {
        var atpId = $"AT-{Declaration.Mark(flow)}{world.Call.Seed[..5]}";
        for (var next = 2; world.Actors.Get(ActorId.Atp(atpId)) is not null; next++) atpId = $"AT-{Declaration.Mark(flow)}{world.Call.Seed[..5]}-{next}";
        decision.Add(ActorId.Incident(incident.Id), new IncidentAtpJoined(atpId, flow.Name));
        foreach (var role in flow.Rows.Select(row => row.Role).Where(role => role is not (Roles.Any or Roles.AtpOwner)).Distinct())
        {
            var handle = world.Roster.HandleFor(role);
            if (handle != Handle.Operator && world.Incident(incident.Id, decision)?.Has(handle) == false)
                decision.Add(ActorId.Incident(incident.Id), new IncidentResponderAdded(new Responder(handle, role)));
        }

        var turn = new AtpTurn(world, atpId, null, decision) { SystemStarted = true };
        AtpCreation.Open(
            turn, flow, new Birth(incident.Title, IncidentType) { IncidentId = incident.Id, ParentAtpId = parent, Notes = incident.Description }, Tools.Create);
        return turn;
    }
}
