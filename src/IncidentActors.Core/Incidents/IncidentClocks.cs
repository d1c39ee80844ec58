using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>Nobody acknowledged, or nobody assessed, in time: the escalation goes on step by step until somebody does (SPEC §4).</summary>
internal static class IncidentClocks
{
    public static Decision Ring(IncidentState state, string clock, World world)
    {
        if (!state.Status.IsOngoing()) return new Decision();
        if (clock == IncidentDecider.RespondClock && state.AcknowledgedAt is not null) return new Decision();
        if (clock == IncidentDecider.AssessClock && state.Assessment?.Complete == true) return new Decision();
        var duty = world.Roster.Duty(state.Category);
        var chain = clock == IncidentDecider.AssessClock
            ? ImmutableArray.Create(state.Commander)
            : [.. (duty?.Escalation ?? []).Append(Handle.Operator)];
        var step = state.Overdue.GetValueOrDefault(clock) + 1;
        ImmutableArray<string> told = duty?.Immediately == true && step == 1 ? chain : [chain[Math.Min(step, chain.Length) - 1]];
        var decision = IncidentDecider.Happens(state, new IncidentOverdue(clock, step, told));
        var sentence = clock == IncidentDecider.RespondClock
            ? $"{state.Id} ({state.Severity.Name()}) is not acknowledged"
            : $"{state.Id} ({state.Severity.Name()}) is not assessed";
        if (state.Atps is [var atp, ..])
        {
            foreach (var handle in told)
                decision.Add(new Tell(ActorId.Atp(atp), new Atps.PostNotice(handle, MessageType.Escalation, Priority.P0, sentence, $"{state.Title}\n\nDeclared {state.DeclaredAt:u}, step {step} of the escalation.")));
        }

        var again = step < chain.Length ? world.Policy.EscalationStep : world.Policy.ReminderEvery;
        return decision.Add(new StartClock(ActorId.Incident(state.Id), clock, world.Call.At + again, new IncidentTimeIsUp(clock)));
    }
}
