using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>The incident was not acknowledged, assessed or mitigated in time: the escalation continues step by step until it is.</summary>
internal static class IncidentClocks
{
    public static Decision Ring(IncidentState state, string clock, World world)
    {
        if (!state.Status.IsOngoing() || Sentence(state, clock) is not { } sentence) return new Decision();
        var duty = world.Roster.Duty(state.Category);
        ImmutableArray<string> chain = clock == IncidentDecider.RespondClock
            ? [.. (duty?.Escalation ?? []).Append(Handle.Operator).Distinct()]
            : [state.Commander];
        var step = state.Overdue.GetValueOrDefault(clock) + 1;
        var all = clock == IncidentDecider.RespondClock && duty?.Immediately == true && step == 1;
        ImmutableArray<string> told = all ? chain : [chain[Math.Min(step, chain.Length) - 1]];
        if (all) step = chain.Length;
        var decision = IncidentDecider.Record(state, new IncidentOverdue(clock, step, told, chain));
        if (state.Atps is [var atp, ..])
        {
            foreach (var handle in told)
            {
                decision.Add(new SendCommand(ActorId.Atp(atp), new Atps.PostNotice(
                    handle,
                    MessageType.Escalation,
                    Priority.P0,
                    sentence,
                    $"{state.Title}\n\nDeclared {state.DeclaredAt:u}, step {step} of the escalation.")));
            }
        }

        return decision.Add(IncidentClock.Start(world, state, clock, step < chain.Length ? world.Policy.EscalationStep : world.Policy.ReminderEvery));
    }

    /// <summary>What is overdue; null if it has been done meanwhile.</summary>
    private static string? Sentence(IncidentState state, string clock) => clock switch
    {
        IncidentDecider.RespondClock when state.Unanswered => $"{state.Id} ({state.Severity.Name()}) is not acknowledged",
        IncidentDecider.AssessClock when state.Assessment?.Complete != true => $"{state.Id} ({state.Severity.Name()}) is not assessed",
        IncidentDecider.MitigationClock when state.Mitigations is [.., { DoneAt: null } open] =>
            $"{state.Id}: the mitigation '{open.Action}' takes longer than its {open.ExpectedMinutes} min",
        _ => null,
    };
}
