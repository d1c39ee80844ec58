using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// Corrects an incident's category. The first responders of the new category's duty come in its place and are directed, the escalation goes on
/// with the new duty's chain (it is read at each step), and a condition that was met becomes the new category's; its halt stays.
/// </summary>
internal static class Recategorization
{
    public static Decision Decide(IncidentState state, RecategorizeIncident change, World world)
    {
        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        if (change.Category == state.Category) return new Decision();
        var before = world.Roster.Duty(state.Category)?.FirstResponders ?? [];
        var after = world.Roster.Duty(change.Category)?.FirstResponders ?? [];
        ImmutableArray<string> left =
        [
            .. state.Responders.Where(responder => responder.Role == Declaration.FirstResponder).Select(responder => responder.Handle)
                .Where(handle => before.Contains(handle) && !after.Contains(handle)),
        ];
        ImmutableArray<string> joined = [.. after.Where(handle => !state.Has(handle))];
        var met = state.Conditions.Any(id => world.Routes.Condition(id)?.Category == state.Category);
        var condition = met ? world.Routes.Conditions.FirstOrDefault(one => one.Category == change.Category) : null;
        var decision = IncidentDecider.Record(
            state, new IncidentRecategorized(state.Category, change.Category, change.Reason, left, joined, condition?.Id));
        if (state.Atps is not [var atp, ..] || !state.Status.IsOngoing()) return decision;
        var priority = (Priority)(state.Severity - Severity.Sev1);
        var what = $"{state.Id} is {change.Category.ToString().ToLowerInvariant()}, not {state.Category.ToString().ToLowerInvariant()}: {state.Title}";
        foreach (var handle in joined.Where(handle => handle != world.Call.By))
        {
            var type = state.Severity == Severity.Sev1 ? MessageType.EmergencyDirective : MessageType.Directive;
            decision.Add(new SendCommand(ActorId.Atp(atp), new PostNotice(
                handle, type, priority, $"Respond: {state.Title}", $"{what}. You are first responder now. Acknowledge this and respond on {atp}.",
                RequiresAck: true)));
        }

        foreach (var handle in left.Where(handle => handle != world.Call.By))
        {
            decision.Add(new SendCommand(ActorId.Atp(atp), new PostNotice(
                handle, MessageType.Decision, priority, $"You are no longer a responder of {state.Id}",
                $"{what}. {world.Call.By} has corrected the category; {state.Commander} commands.")));
        }

        if (state.AcknowledgedAt is null && world.Policy.RespondWithin(state.Severity) is { } within)
            decision.Add(IncidentClock.Start(world, state, IncidentDecider.RespondClock, within));
        return decision;
    }

    public static IncidentState Evolve(IncidentState state, IncidentRecategorized changed) => state with
    {
        Category = changed.To,
        Responders =
        [
            .. state.Responders.Where(responder => !changed.Left.Contains(responder.Handle) || responder.Role != Declaration.FirstResponder),
            .. changed.Joined.Select(handle => new Responder(handle, Declaration.FirstResponder)),
        ],
        Conditions = changed.Condition is null || state.Conditions.Contains(changed.Condition) ? state.Conditions : state.Conditions.Add(changed.Condition),
    };
}
