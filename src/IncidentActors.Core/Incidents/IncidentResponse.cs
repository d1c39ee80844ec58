using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>Assessing and mitigating: seed 002 §2 and §3.</summary>
internal static class IncidentResponse
{
    public static Decision Assess(IncidentState state, AssessIncident assess, World world)
    {
        if (Unknown(Checklists.QuickChecks, assess.Checks) is { } unknown) return unknown;
        var since = FirstSign.Read(assess.Since, state.DetectedAt);
        var assessed = new IncidentAssessed(assess.Broken, assess.UsersAffected, assess.Since, assess.Changed, assess.Checks, since);
        var decision = IncidentDecider.Record(state, assessed);
        Acknowledge(state, decision);
        var whole = Assessment.Of(state.Assessment, assessed, world.Call.At, world.Call.By);
        if (!whole.Complete) return decision;
        decision.Add(new StopClock(ActorId.Incident(state.Id), IncidentDecider.AssessClock));
        foreach (var turn in ResponseWork.Open(world, decision, state)) Hand(turn, whole);
        return decision;
    }

    /// <summary>Work that waited for the assessment now has it, and continues where the caller may take the next row.</summary>
    private static void Hand(AtpTurn turn, Assessment assessment)
    {
        var row = turn.Flow.From(turn.State.Status).FirstOrDefault(row => row.Requires.Artifacts.Any(needed => needed.Type == AtpArtifacts.Assessment));
        if (row is null) return;
        string?[] answers = [assessment.Broken, assessment.UsersAffected, assessment.Since, assessment.Changed];
        var text = string.Concat(AtpArtifacts.AssessmentSections.Zip(answers, (section, answer) => $"## {section}\n{answer}\n\n"));
        AtpArtifacts.Add(turn, new CreateArtifact(AtpArtifacts.Assessment, $"Assessment of {turn.State.IncidentId}", text));
        if (AtpRows.HasRole(turn, row.Role) && AtpRequirements.Unmet(turn, row) is null) AtpRows.Take(turn, row, null, Tools.Incident);
    }

    public static Decision Mitigate(IncidentState state, MitigateIncident mitigate, World world)
    {
        var row = mitigate.Scenario is { } scenario ? MitigationMatrix.Find(scenario) : null;
        var action = mitigate.Action ?? row?.Action;
        if (action is null && !mitigate.Done)
        {
            return new Rejected(
                Rules.ArgumentMissing,
                mitigate.Scenario is null
                    ? "A mitigation needs an action, or a scenario of the matrix."
                    : $"The matrix has no scenario '{mitigate.Scenario}'.",
                mitigate.Scenario is null ? MitigationMatrix.Actions : [.. MitigationMatrix.Rows.Select(known => known.Scenario)]);
        }

        if (action == MitigationMatrix.Other && !FilledText.IsFilled(mitigate.Notes))
            return new Rejected(Rules.ArgumentMissing, "The mitigation 'other' needs notes that say what is done.", ["notes"]);
        if (action is not null && !MitigationMatrix.Actions.Contains(action))
            return new Rejected(Rules.ArgumentMalformed, $"'{action}' is not a mitigation.", MitigationMatrix.Actions);
        var decision = new Decision();
        Acknowledge(state, decision);
        if (action is not null)
        {
            decision.Add(
                ActorId.Incident(state.Id),
                new IncidentMitigationStarted(action, row?.Scenario ?? mitigate.Scenario, mitigate.ExpectedMinutes ?? row?.Minutes, mitigate.Notes));
        }

        if (action is not null && (mitigate.ExpectedMinutes ?? row?.Minutes) is { } minutes)
            decision.Add(IncidentClock.Start(world, state, IncidentDecider.MitigationClock, TimeSpan.FromMinutes(minutes)));
        if (!mitigate.Done) return decision;
        decision
            .Add(ActorId.Incident(state.Id), new IncidentMitigated(mitigate.Notes))
            .Add(new StopClock(ActorId.Incident(state.Id), IncidentDecider.MitigationClock));
        return decision;
    }

    /// <summary>Assessing or mitigating counts as acknowledging.</summary>
    internal static void Acknowledge(IncidentState state, Decision decision)
    {
        if (!state.Unanswered) return;
        decision.Add(ActorId.Incident(state.Id), new IncidentAcknowledged(null)).Add(new StopClock(ActorId.Incident(state.Id), IncidentDecider.RespondClock));
    }

    internal static Rejected? Unknown(ImmutableArray<ChecklistItem> list, ImmutableArray<string> ticked)
    {
        var unknown = Checklists.Unknown(list, ticked);
        return unknown.IsEmpty
            ? null
            : new Rejected(Rules.ArgumentMalformed, $"The checklist has no {string.Join(", ", unknown)}.", [.. list.Select(item => item.Id)]);
    }

    internal static string Texts(ImmutableArray<ChecklistItem> list, ImmutableArray<string> ids) =>
        string.Join("; ", list.Where(item => ids.Contains(item.Id)).Select(item => item.Text));
}
