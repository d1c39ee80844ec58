using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// Declaring, in one commit: the incident, its first ATP in the right flow, commander and first responders, the directive and the
/// HITL notification that the flow's first row owes, the response clock, and for SEV-1 the halt (SPEC §2).
/// </summary>
internal static class Declaration
{
    internal const string FirstResponder = "first-responder";

    /// <summary>The source of an incident that an urgent ATP declared.</summary>
    private const string FromWork = "atp";

    public static string IdFrom(Call call) => $"INC-{call.At:yyMMdd}-{call.Seed[..5]}";

    /// <summary>Declared by itself: the incident first, then its ATP, begun by the system.</summary>
    public static void WithAtp(World world, Decision decision, string incidentId, DeclareIncident declare)
    {
        var signals = Signal.Of(declare);
        var met = world.Conditions.Met(signals);
        if (declare.Category is null && ConditionHalts.Enforced(met) is { } condition) declare = declare with { Category = condition.Category };
        var declared = Describe(world, declare, signals, world.Flows.Find(declare.Flow ?? ""), [.. ConditionHalts.FirstResponders(world, met)]);
        var name = declare.Flow ?? FlowFor(declared.Severity);
        var flow = world.Flows.Find(name) ?? throw new InvalidOperationException($"the flow {name} is not loaded");
        var atpId = $"AT-{Mark(flow)}{world.Call.Seed[..5]}";
        Open(world, decision, incidentId, declared, atpId, flow, met);
        var turn = new AtpTurn(world, atpId, null, decision) { SystemStarted = true };
        var birth = new Birth(declared.Title, "incident") { IncidentId = incidentId, Notes = declared.Description };
        AtpCreation.Open(turn, flow, birth, Tools.Create);
        foreach (var notice in ConditionHalts.Notices(world, IncidentBrief.Of(incidentId, declared), met)) AtpMessages.Post(turn, notice);
        Tell(turn, incidentId, declared, declare.Directed);
        Hands.Call(turn);
    }

    /// <summary>An urgent ATP was begun without an incident: it declares one.</summary>
    public static void FromAtp(AtpTurn turn, Flow flow, string incidentId)
    {
        var severity = flow.Name == FlowFor(Severity.Sev1) || flow.Halts is not null ? Severity.Sev1 : Severity.Sev2;
        var declared = Describe(
            turn.World,
            new DeclareIncident(
                turn.State.Title, severity, null, turn.State.Notes, null, ImmutableSortedDictionary<string, string>.Empty, FromWork, null, null, []),
            [],
            flow,
            []);
        Open(turn.World, turn.Decision, incidentId, declared, turn.Id, flow, []);
    }

    /// <summary>The event with everything decided: severity by source and criteria, commander, responders.</summary>
    private static IncidentDeclared Describe(
        World world, DeclareIncident declare, ImmutableArray<Signal> signals, Flow? flow, ImmutableArray<string> firstResponders)
    {
        var call = world.Call;
        var criterion = SeverityCriteria.Met(signals, world.Policy.LossPerMinute);
        var category = declare.Category ?? criterion?.Category ?? Said(world, declare) ?? IncidentCategory.Availability;
        var severity = criterion is null ? declare.Severity ?? Severity.Sev3 : Severity.Sev1;
        flow ??= world.Flows.Find(FlowFor(severity));
        var started = declare.StartedAt is { } at && at < call.At ? at : call.At;
        var commander = world.Roster.HandleFor(Roles.Pm);
        var roles = flow is null ? [] : flow.Rows.Select(row => row.Role).Where(role => role is not (Roles.Any or Roles.AtpOwner)).Distinct();
        var responders = roles.Select(role => new Responder(world.Roster.HandleFor(role), role))
            .Concat(firstResponders.Concat(world.Roster.Duty(category)?.FirstResponders ?? []).Select(handle => new Responder(handle, FirstResponder)))
            .Concat(declare.Directed is { } directed ? [new Responder(directed, FirstResponder)] : [])
            .Where(responder => responder.Handle != commander && responder.Handle != Handle.Operator)
            .DistinctBy(responder => responder.Handle);
        return new IncidentDeclared(
            declare.Title, severity, category, declare.Description, started, call.At, declare.Labels, declare.Source, commander,
            [new Responder(commander, "commander"), .. responders], declare.DedupKey, criterion?.Means,
            world.Actors.Similar(Similarity.Words(declare)), declare.RelatedTo);
    }

    /// <summary>
    /// What people and agents declare speaks of its category by its title and, on an ATP, by who began it;
    /// alerts and probes say theirs by labels and conditions.
    /// </summary>
    private static IncidentCategory? Said(World world, DeclareIncident declare) => declare.Alerts.IsEmpty && declare.Group is null
        ? CategoryWords.Of(declare.Title, declare.Source == FromWork ? world.Caller.Roles : [])
        : null;

    /// <summary>The flow that SPEC §1's table gives for a severity.</summary>
    public static string FlowFor(Severity severity) => severity switch
    {
        Severity.Sev1 => "emergency",
        Severity.Sev2 => "hotfix",
        _ => "standard",
    };

    /// <summary>A SEV-1's halt of all other work.</summary>
    public static void Halt(
        World world, Decision decision, IncidentBrief incident, string? because = null, string condition = "severity")
    {
        var haltId = HaltDecider.IdFrom(world.Call);
        var reason = $"{because ?? $"{incident.Id} is SEV-1"}: {incident.Title}";
        decision
            .Add(ActorId.Incident(incident.Id), new IncidentHaltJoined(haltId))
            .Add(ActorId.Halt(haltId), new HaltRaised(
                HaltScope.All, reason, condition, incident.Id, HaltMode.Enforce, SparesUrgent: true, incident.Commander))
            .Tells("haltId", haltId);
    }

    private static void Open(
        World world, Decision decision, string incidentId, IncidentDeclared declared, string atpId, Flow flow,
        ImmutableArray<HaltCondition> met)
    {
        var incident = IncidentBrief.Of(incidentId, declared);
        decision.Add(ActorId.Incident(incidentId), declared, new IncidentAtpJoined(atpId, flow.Name));
        decision.Tells("incidentId", incidentId).Tells("atpId", atpId);
        if (declared.Severity == Severity.Sev1 || flow.Halts is not null)
        {
            var because = declared.Severity == Severity.Sev1 ? null : $"{atpId} is an {flow.Name} of {incidentId}";
            Halt(world, decision, incident, because, ConditionHalts.Enforced(met)?.Id ?? "severity");
        }

        ConditionHalts.Raise(world, decision, incident, met, decision.Facts.GetValueOrDefault("haltId"));
        if (world.Policy.RespondWithin(declared.Severity) is { } within)
            decision.Add(IncidentClock.Start(world, incident, IncidentDecider.RespondClock, world.Call.At + within));
        if (declared.Severity <= Severity.Sev2)
            decision.Add(IncidentClock.Start(world, incident, IncidentDecider.AssessClock, world.Call.At + world.Policy.AssessWithin));
    }

    /// <summary>The human in the loop is told and a responder is directed (SPEC §2), where the flow's first row has not done so.</summary>
    private static void Tell(AtpTurn turn, string incidentId, IncidentDeclared declared, string? directed)
    {
        var sent = turn.Happened.OfType<MessageSent>().ToList();
        var what = $"{incidentId} ({declared.Severity.Name()}, {declared.Category.ToString().ToLowerInvariant()}): {declared.Title}.";
        var priority = (Priority)(declared.Severity - Severity.Sev1);
        if (sent.All(message => message.Type != MessageType.HITLNotification))
        {
            AtpMessages.Notify(
                turn, Handle.Operator, MessageType.HITLNotification, priority, $"Incident declared: {declared.Title}",
                $"{what} {turn.Id} is {turn.State.Status}; {declared.Commander} commands.");
        }

        var directives = sent
            .Where(message => message.Type is MessageType.Directive or MessageType.EmergencyDirective)
            .Select(message => message.To)
            .ToList();
        if (directed is null ? directives.Count > 0 : directives.Contains(directed)) return;
        var responder = directed
            ?? declared.Responders.FirstOrDefault(responder => responder.Role == FirstResponder)?.Handle
            ?? declared.Commander;
        AtpMessages.Post(turn, new PostNotice(
            responder, MessageType.Directive, priority, $"Respond: {declared.Title}", $"{what} Acknowledge this and respond on {turn.Id}.",
            RequiresAck: true));
    }

    private static string Mark(Flow flow) => flow.Name switch
    {
        "emergency" => "EMRG-",
        "hotfix" => "HOTFIX-",
        _ => "",
    };
}
