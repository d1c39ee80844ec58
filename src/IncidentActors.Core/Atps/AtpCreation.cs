using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Atps;

/// <summary>How ATPs begin: by <c>atp_create</c>, by <c>atp_set</c> of a new id, and as part of a declaration.</summary>
internal static class AtpCreation
{
    public static Rejected? Create(AtpTurn turn, CreateAtp create)
    {
        if (turn.Exists)
        {
            return FollowUpOwed(turn.World, create)?.AtpId == turn.Id
                ? null
                : Rejected.Conflict(Rules.AtpExists, $"{turn.Id} exists already; change it with atp_set.");
        }

        if (LookAlike(turn) is { } alike) return alike;
        if (create.ParentAtpId is { } parent && turn.World.Actors.Get(ActorId.Atp(parent)) is null) return AtpDecider.Unknown(parent);
        var type = create.Type ?? "task";
        if (Chosen(turn, create.Title, create.Notes, type, create.Flow, null, out var flow) is { } unknown) return unknown;
        var birth = new Birth(create.Title, type)
        {
            IncidentId = create.IncidentId,
            ParentAtpId = create.ParentAtpId,
            Priority = create.Priority,
            Notes = create.Notes,
            Owner = create.Owner,
        };
        return Open(turn, flow!, birth, Tools.Create);
    }

    public static Rejected? CreateBySetting(AtpTurn turn, SetAtp set)
    {
        if (LookAlike(turn) is { } alike) return alike;
        if (AtpIds.Resembling(turn) is { } other) turn.Decision.Warnings.Add($"{turn.Id} is new. There is also {other}: check which one is meant.");
        var title = set.Title ?? set.Notes ?? turn.Id;
        if (Chosen(turn, title, set.Notes, "task", null, set.Status, out var flow) is { } unknown) return unknown;
        if (set.Status is { } wanted && flow!.State(wanted) is null)
        {
            return Rejected.Conflict(
                Rules.AtpTransitionUnknown, $"The flow {flow.Name} has no state '{wanted}'.", [.. flow.States.Select(state => state.Name)]);
        }

        var birth = new Birth(Birth.TitleOf(title.Split('\n')[0]), "task") { Priority = set.Priority, Notes = set.Notes, Owner = set.Owner };
        var refused = Open(turn, flow!, birth, Tools.Set) ?? AtpFields.Gates(turn, set);
        if (refused is not null) return refused;
        return set.Status is { } status && flow!.State(status)!.Name != turn.State.Status
            ? AtpRows.ChangeStatus(turn, status, set.Notes, Tools.Set)
            : null;
    }

    /// <summary>The ATP of messages that are about none. It stays open.</summary>
    public static Rejected? OpenGeneral(AtpTurn turn) =>
        Open(turn, turn.World.Flows.Choose(null, null, null), new Birth("Messages without an ATP", "messages"), Tools.Create);

    /// <summary>The refusal of a new id that is another's in capital or in small letters; null: there is none.</summary>
    private static Rejected? LookAlike(AtpTurn turn) =>
        new[] { turn.Id.ToUpperInvariant(), turn.Id.ToLowerInvariant() }
            .FirstOrDefault(other => other != turn.Id && turn.World.Actors.Get(ActorId.Atp(other)) is not null) is { } other
            ? Rejected.Conflict(Rules.AtpExists, $"There is {other}; {turn.Id} differs from it by case only.", [other])
            : null;

    /// <summary>The follow-up that a closure has created already and that this <c>atp_create</c> asks for; or null.</summary>
    public static FollowUp? FollowUpOwed(World world, CreateAtp create) => OwedFollowUps.Meant(
        create,
        OwedFollowUps.Parents(create, world.Caller.Ended)
            .Select(id => world.Actors.Get(ActorId.Atp(id)))
            .OfType<AtpState>()
            .SelectMany(parent => parent.FollowUps));

    /// <summary>
    /// Opens an ATP by the start row of its flow; an urgent one without an
    /// incident declares it. What the system starts is owed and never refused.
    /// </summary>
    public static Rejected? Open(AtpTurn turn, Flow flow, Birth birth, string tool)
    {
        var start = flow.Rows.First(row => row.IsStart);
        var incident = turn.World.Incident(birth.IncidentId);
        if (birth.IncidentId is not null && incident is null && !turn.SystemStarted) return IncidentDecider.Unknown(birth.IncidentId);
        if (incident is { Open: false } && !turn.SystemStarted)
            return Rejected.Conflict(Rules.IncidentClosed, $"{incident.Id} is {incident.Status.Name()}; declare a new incident related to it.");
        if (incident is { Status: IncidentStatus.Resolved } && flow.Urgent && !turn.SystemStarted)
            return Rejected.Conflict(Rules.IncidentStatus, $"{incident.Id} is resolved; reopen it when it needs another fix.", ["reopen"]);
        if (birth.Owner is { } owner && !turn.SystemStarted && turn.World.Agent(owner) is null) return AgentDecider.Unknown(owner);
        var declares = flow.Urgent && birth.IncidentId is null;
        var incidentId = declares ? Declaration.IdFrom(turn.Call) : birth.IncidentId;
        turn.Add(new AtpCreated(
            birth.Title, birth.Type, flow.Name, flow.Version, birth.Priority ?? flow.Priority, flow.Urgent, incidentId, birth.ParentAtpId,
            birth.Owner ?? (start.Role is Roles.Any or Roles.AtpOwner ? null : turn.World.Roster.HandleFor(start.Role)), birth.Notes, birth.DueAt,
            birth.Sections, birth.Debt));
        if (!turn.SystemStarted && !AtpRows.HasRole(turn, start.Role))
        {
            return Rejected.Role(
                Rules.AtpTransitionRole,
                $"An ATP of the flow {flow.Name} is begun by the role {start.Role}; {turn.World.Caller.Handle} lacks it. Anybody may declare an incident.",
                [turn.World.Roster.HandleFor(start.Role)]);
        }

        if (birth.DueAt is { } due) turn.StartClock(AtpDecider.DueClock, due - turn.Call.At, turn.State.Owner);
        if (declares)
            Declaration.FromAtp(turn, flow, incidentId!);
        else if (incident is not null && !turn.SystemStarted)
            Join(turn, flow, incident);
        AtpRows.Take(turn, start, birth.Notes, tool);
        if (declares) ResponderNotifications.Call(turn);
        return null;
    }

    /// <summary>Another ATP of an incident; one whose flow halts other work (seed 000) does so although the incident was called less severe.</summary>
    private static void Join(AtpTurn turn, Flow flow, IncidentState incident)
    {
        turn.AddToIncident(new IncidentAtpJoined(turn.Id, flow.Name));
        if (flow.Halts is not null && incident.Severity != Severity.Sev1)
        {
            var brief = IncidentBrief.Of(incident) with { Title = turn.State.Title };
            Declaration.Halt(turn.World, turn.Decision, brief, $"{turn.Id} is an {flow.Name} of {incident.Id}");
        }
    }

    /// <summary>The flow that is named, or chosen. Words of an urgent flow start none: they are answered with a suggestion.</summary>
    private static Rejected? Chosen(AtpTurn turn, string title, string? notes, string type, string? named, string? status, out Flow? flow)
    {
        var flows = turn.World.Flows;
        flow = named is not null ? flows.Find(named) : flows.Choose(turn.Id, title, notes, type, status);
        if (named is null && flow is { Urgent: false } && flows.Suggest(turn.Id, title, notes) is { } suggested)
            turn.Decision.AddFact("suggestedFlow", suggested.Name);
        return flow is null
            ? new Rejected(Rules.FlowUnknown, $"There is no flow '{named}'.", [.. flows.Latest.Select(known => known.Name)])
            : null;
    }
}
