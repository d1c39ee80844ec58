using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Routes;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// Declaring, in one commit: the incident, its first ATP in the right flow, commander and first responders, the directive and the
/// HITL notification that the flow's first row owes, the response clock, and for SEV-1 the halt.
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
        var signals = Signal.Of(declare, SpokenOf(world, declare));
        var routed = world.Routes.Of(signals);
        ImmutableArray<HaltCondition> met = [.. routed.Select(one => one.Condition).OfType<HaltCondition>().Distinct()];
        declare = Routed(world, declare, routed, met);
        var declared = Describe(world, declare, signals, world.Flows.Find(declare.Flow ?? ""), met, routed);
        var name = declare.Flow ?? FlowFor(declared.Severity);
        var flow = world.Flows.Find(name) ?? throw new InvalidOperationException($"the flow {name} is not loaded; put its file into the folder of --flows");
        var atpId = $"AT-{Mark(flow)}{world.Call.Seed[..5]}";
        Open(world, decision, incidentId, declared, atpId, flow, met, routed);
        var turn = new AtpTurn(world, atpId, null, decision) { SystemStarted = true };
        var birth = new Birth(declared.Title, "incident") { IncidentId = incidentId, Notes = declared.Description };
        AtpCreation.Open(turn, flow, birth, Tools.Create);
        foreach (var notice in ConditionHalts.Notices(world, IncidentBrief.Of(incidentId, declared), met)) AtpMessages.Post(turn, notice);
        Notify(turn, incidentId, declared, declare.Directed);
        ResponderNotifications.Call(turn);
    }

    /// <summary>An urgent ATP was begun without an incident: it declares one.</summary>
    public static void FromAtp(AtpTurn turn, Flow flow, string incidentId)
    {
        var severity = flow.Name == FlowFor(Severity.Sev1) || flow.Halts is not null ? Severity.Sev1 : Severity.Sev2;
        var declare = new DeclareIncident(
            turn.State.Title, severity, null, turn.State.Notes, null, ImmutableSortedDictionary<string, string>.Empty, FromWork, null, null, []);
        var routed = turn.World.Routes.Of(Signal.Of(declare, SpokenOf(turn.World, declare)));
        var declared = Describe(turn.World, declare, [], flow, [], routed);
        Open(turn.World, turn.Decision, incidentId, declared, turn.Id, flow, [], routed);
    }

    /// <summary>The event with everything decided: severity by source and criteria, commander, responders.</summary>
    private static IncidentDeclared Describe(
        World world, DeclareIncident declare, ImmutableArray<Signal> signals, Flow? flow, ImmutableArray<HaltCondition> met, ImmutableArray<Routed> routed)
    {
        var call = world.Call;
        var criterion = SeverityCriteria.Met(signals, world.Policy.LossPerMinute);
        var category = declare.Category ?? criterion?.Category ?? routed.FirstOrDefault()?.Set.Category ?? IncidentCategory.Availability;
        var severity = criterion is null && ConditionHalts.Enforced(met) is null
            ? declare.Severity ?? routed.FirstOrDefault()?.Severity ?? Severity.Sev3
            : Severity.Sev1;
        flow ??= world.Flows.Find(FlowFor(severity));
        var started = declare.StartedAt is { } at && at < call.At ? at : call.At;
        var commander = routed.Select(one => one.Set.Commander).FirstOrDefault(handle => handle is not null) ?? world.Roster.HandleFor(Roles.Pm);
        var firstResponders = ConditionHalts.FirstResponders(world, met)
            .Concat(routed.SelectMany(one => one.Set.Responders.IsDefault ? [] : one.Set.Responders));
        var roles = flow is null ? [] : flow.Rows.Select(row => row.Role).Where(role => role is not (Roles.Any or Roles.AtpOwner)).Distinct();
        var responders = roles.Select(role => new Responder(world.Roster.HandleFor(role), role))
            .Concat(firstResponders.Concat(world.Roster.Duty(category)?.FirstResponders ?? []).Select(handle => new Responder(handle, FirstResponder)))
            .Concat(declare.Directed is { } directed ? [new Responder(directed, FirstResponder)] : [])
            .Where(responder => responder.Handle != commander && responder.Handle != Handle.Operator)
            .DistinctBy(responder => responder.Handle);
        return new IncidentDeclared(
            declare.Title, severity, category, declare.Description, started, call.At, declare.Labels, declare.Source, commander,
            [new Responder(commander, "commander"), .. responders], declare.DedupKey, criterion?.Means,
            world.Actors.Similar(Similarity.Words(declare)), declare.RelatedTo,
            declare.Alerts.IsEmpty ? null : routed.FirstOrDefault()?.Account);
    }

    /// <summary>The declaration with what the routes say where it says nothing itself.</summary>
    private static DeclareIncident Routed(World world, DeclareIncident declare, ImmutableArray<Routed> routed, ImmutableArray<HaltCondition> met)
    {
        var service = routed.Select(one => one.Set.Service).FirstOrDefault(name => name is not null);
        return declare with
        {
            Category = declare.Category ?? ConditionHalts.Enforced(met)?.Category,
            Flow = declare.Flow ?? routed.Select(one => one.Set.Flow).FirstOrDefault(name => name is not null && world.Flows.Find(name) is not null),
            Labels = service is null ? declare.Labels : declare.Labels.SetItem("service", service),
        };
    }

    /// <summary>The roles of the handle that a declaration is about: the one that it directs, or who began the work that declares.</summary>
    private static ImmutableArray<string> SpokenOf(World world, DeclareIncident declare) =>
        declare.Directed is { } directed ? world.Roster.RolesOf(directed) : declare.Source == FromWork ? world.Caller.Roles : [];

    /// <summary>The flow of a severity (docs/SPECIFICATION.md, Severities).</summary>
    public static string FlowFor(Severity severity) => severity switch
    {
        Severity.Sev1 => "emergency",
        Severity.Sev2 => "hotfix",
        _ => "standard",
    };

    public static Flow FlowOf(World world, Severity severity) =>
        world.Flows.Find(FlowFor(severity)) ?? throw new InvalidOperationException($"the shipped flow {FlowFor(severity)} is not loaded");

    /// <summary>False if the routes exempt every signal that makes it a SEV-1 from halting (<c>halts: false</c>).</summary>
    /// <param name="criterion">A criterion makes it one, of whichever signal.</param>
    public static bool MayHalt(ImmutableArray<Routed> routed, bool criterion)
    {
        var decisive = routed.Where(one => criterion || one.Severity == Severity.Sev1).ToList();
        return decisive.Count == 0 || decisive.Exists(one => one.Halts);
    }

    /// <summary>A SEV-1's halt of other work, as the condition <c>severity</c> of the routes has it: its scope (where a team's token calls, of that
    /// team), and whether it halts or is only recorded. Null where the incident's environment halts nothing.</summary>
    public static void Halt(
        World world, Decision decision, IncidentBrief incident, string? because = null, string condition = HaltCondition.Severity1)
    {
        if (world.Routes.Severity1 is not { } rule || !world.Routes.Of(new Signal("", incident.Labels)).Halts) return;
        var raised = decision.Changes.SelectMany(change => change.Events).OfType<HaltRaised>().Where(halt => halt.Mode.IsEnforced()).ToList();
        var scope = rule.Scope.Within(world.Call);
        if (raised.Exists(halt => halt.Scope == HaltScope.All || halt.Scope == scope)) return;
        var enforced = rule.Mode.IsEnforced();
        var haltId = enforced && raised.Count == 0 ? HaltDecider.IdFrom(world.Call) : $"{HaltDecider.IdFrom(world.Call)}-{rule.Id}";
        var reason = $"{because ?? $"{incident.Id} is SEV-1"}: {incident.Title}";
        decision
            .Add(ActorId.Incident(incident.Id), IncidentHaltJoined.Of(haltId, rule.Mode))
            .Add(ActorId.Halt(haltId), new HaltRaised(
                scope, reason, enforced ? condition : rule.Id, incident.Id, rule.Mode, SparesUrgent: true, incident.Commander,
                rule.BriefingRequired));
        if (!enforced) return;
        decision.AddFact("haltId", haltId);
        HaltReview.Start(world, decision, haltId);
    }

    private static void Open(
        World world, Decision decision, string incidentId, IncidentDeclared declared, string atpId, Flow flow,
        ImmutableArray<HaltCondition> met, ImmutableArray<Routed> routed)
    {
        var incident = IncidentBrief.Of(incidentId, declared);
        decision.Add(ActorId.Incident(incidentId), declared, new IncidentAtpJoined(atpId, flow.Name));
        decision.AddFact("incidentId", incidentId).AddFact("atpId", atpId);
        if ((declared.Severity == Severity.Sev1 || flow.Halts is not null) && MayHalt(routed, declared.Criterion is not null))
        {
            var because = declared.Severity == Severity.Sev1 ? null : $"{atpId} is an {flow.Name} of {incidentId}";
            Halt(world, decision, incident, because, ConditionHalts.Enforced(met)?.Id ?? HaltCondition.Severity1);
        }

        ConditionHalts.Raise(world, decision, incident, met, decision.Facts.GetValueOrDefault("haltId"), routed);
        if (world.Policy.RespondWithin(declared.Severity) is { } within)
            decision.Add(IncidentClock.Start(world, incident, IncidentDecider.RespondClock, world.Call.At + within));
        if (declared.Severity <= Severity.Sev2)
            decision.Add(IncidentClock.Start(world, incident, IncidentDecider.AssessClock, world.Call.At + world.Policy.AssessWithin));
    }

    /// <summary>Notifies the human in the loop and directs a responder, unless the flow's first row has done so.</summary>
    private static void Notify(AtpTurn turn, string incidentId, IncidentDeclared declared, string? directed)
    {
        var sent = turn.Events.OfType<MessageSent>().ToList();
        var what = $"{incidentId} ({declared.Severity.Name()}, {declared.Category.ToString().ToLowerInvariant()}): {declared.Title}.";
        var priority = (Priority)(declared.Severity - Severity.Sev1);
        if (sent.All(message => message.Type != MessageType.HITLNotification))
        {
            AtpMessages.Notify(
                turn, Handle.Operator, MessageType.HITLNotification, priority, $"Incident declared: {declared.Title}",
                $"{what} {turn.Id} is {turn.State.Status}; the commander is {declared.Commander}.");
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

    internal static string Mark(Flow flow) => flow.Name switch
    {
        "emergency" => "EMRG-",
        "hotfix" => "HOTFIX-",
        _ => "",
    };
}
