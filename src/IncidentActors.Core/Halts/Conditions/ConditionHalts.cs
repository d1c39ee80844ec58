using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Routes;

namespace IncidentActors.Core.Halts.Conditions;

/// <summary>
/// A recognised condition halts in the commit that recognises it, assigns
/// and directs its first responders, and begins its escalation.
/// </summary>
internal static class ConditionHalts
{
    /// <summary>The condition by which other work is halted; null if none is enforced.</summary>
    public static HaltCondition? Enforced(ImmutableArray<HaltCondition> met) =>
        met.FirstOrDefault(condition => condition.Mode.IsEnforced());

    /// <summary>Records every condition; raises the halt of each enforced one unless this decision halts its scope, or everything, already.</summary>
    /// <param name="halted">The halt of everything that this decision raises already, or null.</param>
    /// <param name="routed">What recognised them, for the record.</param>
    public static void Raise(
        World world, Decision decision, IncidentBrief incident, ImmutableArray<HaltCondition> met, string? halted, ImmutableArray<Routed> routed)
    {
        var actor = ActorId.Incident(incident.Id);
        var own = HaltDecider.IdFrom(world.Call);
        var widest = (world.Routes.Severity1?.Scope ?? HaltScope.All).Within(world.Call);
        List<(HaltScope Scope, string Id)> raised = halted is null ? [] : [(widest, halted)];
        foreach (var condition in met)
        {
            var scope = condition.Scope.Within(world.Call);
            var enforced = condition.Mode.IsEnforced();
            var covering = enforced ? raised.Find(halt => halt.Scope == widest || halt.Scope == scope).Id : null;
            var haltId = covering ?? (enforced && raised.Count == 0 ? own : $"{own}-{condition.Id}");
            decision.Add(actor, new IncidentConditionMet(
                condition.Id, condition.Mode, haltId, routed.FirstOrDefault(one => one.Condition == condition)?.Account));
            if (covering is not null) continue;
            var reason = $"{condition.Title}: {incident.Title} ({incident.Id})";
            decision
                .Add(actor, IncidentHaltJoined.Of(haltId, condition.Mode))
                .Add(ActorId.Halt(haltId), new HaltRaised(
                    scope, reason, condition.Id, incident.Id, condition.Mode, SparesUrgent: true, incident.Commander, condition.BriefingRequired));
            if (!enforced) continue;
            HaltReview.Start(world, decision, haltId);
            raised.Add((scope, haltId));
            if (raised.Count == 1) decision.AddFact("haltId", haltId);
        }
    }

    /// <summary>First responders of the conditions that are more than recorded.</summary>
    public static IEnumerable<string> FirstResponders(World world, ImmutableArray<HaltCondition> met) =>
        Announced(met).SelectMany(condition => DutyOf(world, condition)?.FirstResponders ?? []).Distinct();

    /// <summary>What is said at once: a directive to each first responder, and the whole escalation where the duty says immediately.</summary>
    public static IEnumerable<PostNotice> Notices(World world, IncidentBrief incident, ImmutableArray<HaltCondition> met)
    {
        foreach (var condition in Announced(met))
        {
            var subject = $"🛑 {condition.Title}: {incident.Title}";
            var does = condition.Mode.IsEnforced()
                ? $"Work is halted ({condition.Scope})."
                : "Nothing is halted: the condition only warns.";
            var duty = DutyOf(world, condition);
            foreach (var handle in duty?.FirstResponders ?? [])
            {
                yield return new PostNotice(
                    handle, MessageType.EmergencyDirective, Priority.P0, subject,
                    $"You are first responder of {incident.Id}. {does} Acknowledge this and respond.", RequiresAck: true);
            }

            foreach (var handle in duty is { Immediately: true } ? duty.Escalation : [])
            {
                yield return new PostNotice(
                    handle, MessageType.Escalation, Priority.P0, subject, $"{incident.Id} is escalated to you immediately. {does}");
            }

            if (condition.Mode.IsEnforced())
            {
                yield return new PostNotice(
                    Handle.Operator, MessageType.HITLNotification, Priority.P0, subject,
                    $"{does} {incident.Id} met the halt condition {condition.Id} and is SEV-1; you and {incident.Commander} may lift the halt.");
            }

            if (condition.Mode == HaltMode.Warn)
            {
                yield return new PostNotice(
                    Handle.Operator, MessageType.HITLNotification, Priority.P0, $"{condition.Title} would halt {condition.Scope}",
                    $"{incident.Id}: {incident.Title}. The condition {condition.Id} only warns; raise a halt by hand if the condition is met.");
            }
        }
    }

    /// <summary>Conditions that alerts add to an ongoing incident, with what follows from them. Call it before the severity changes: the halt of a
    /// condition is named by it, and covers what the SEV-1 would halt.</summary>
    public static void Join(IncidentState state, ImmutableArray<Routed> routed, World world, Decision decision)
    {
        ImmutableArray<HaltCondition> met =
            [.. routed.Select(one => one.Condition).OfType<HaltCondition>().Distinct().Where(condition => !state.Conditions.Contains(condition.Id))];
        if (met.IsEmpty) return;
        var incident = IncidentBrief.Of(state);
        Raise(world, decision, incident, met, decision.Facts.GetValueOrDefault("haltId"), routed);
        foreach (var handle in FirstResponders(world, met).Where(handle => !state.Has(handle)))
            decision.Add(ActorId.Incident(state.Id), new IncidentResponderAdded(new Responder(handle, Declaration.FirstResponder)));
        if (state.Atps is not [var atp, ..]) return;
        foreach (var notice in Notices(world, incident, met)) decision.Add(new SendCommand(ActorId.Atp(atp), notice));
    }

    private static RosterDuty? DutyOf(World world, HaltCondition condition) =>
        condition.Category is { } category ? world.Roster.Duty(category) : null;

    private static IEnumerable<HaltCondition> Announced(ImmutableArray<HaltCondition> met) =>
        met.Where(condition => condition.Mode != HaltMode.Shadow);
}
