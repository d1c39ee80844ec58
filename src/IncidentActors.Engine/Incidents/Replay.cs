using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>An incident's past: its timeline, commit by commit, and everything as it was after each of them.</summary>
public sealed class Replay
{
    private readonly ImmutableArray<TimelineEvent> events;

    /// <param name="timeline">In the order of the journal, from the beginning.</param>
    /// <exception cref="InvalidOperationException">The incident was never declared.</exception>
    public Replay(string incidentId, IEnumerable<TimelineEvent> timeline)
    {
        IncidentId = incidentId;
        events = [.. timeline];
        var declared = events.IndexOf(events.First(one => one.Actor == ActorId.Incident(incidentId)));
        var steps = ImmutableArray.CreateBuilder<ReplayStep>();
        for (var first = 0; first < events.Length;)
        {
            var end = first + 1;
            while (end < events.Length && (end <= declared || (events[end].At == events[end - 1].At && events[end].By == events[end - 1].By))) end++;
            steps.Add(new ReplayStep(steps.Count + 1, end, events[end - 1].At, events[end - 1].By, events[first..end]));
            first = end;
        }

        Steps = steps.ToImmutable();
    }

    public string IncidentId { get; }

    /// <summary>What was committed together is one step: between its events there was never anything to be seen.</summary>
    public ImmutableArray<ReplayStep> Steps { get; }

    /// <summary>The last step that was done at <paramref name="at"/>, or the first when it is earlier than all.</summary>
    public ReplayStep StepAt(DateTimeOffset at) => Steps.LastOrDefault(step => step.At <= at) ?? Steps[0];

    /// <summary>Everything as it was after a step: the fold of all events up to there.</summary>
    public ReplayMoment After(ReplayStep step)
    {
        var states = new Dictionary<ActorId, Known>();
        foreach (var one in events.AsSpan(0, step.Events))
        {
            var before = states.GetValueOrDefault(one.Actor);
            states[one.Actor] = new Known(before.Version + 1, States.Evolve(one.Actor, before.State, new RecordedEvent(one.Event, one.At, one.By)));
        }

        var incident = states[ActorId.Incident(IncidentId)];
        return new ReplayMoment(
            step, IncidentView.Of((IncidentState)incident.State!, incident.Version),
            [.. Of<AtpState>(states)], [.. Of<HaltState>(states)], [.. Of<ApprovalState>(states)]);
    }

    private static IEnumerable<T> Of<T>(Dictionary<ActorId, Known> states) => states.Values.Select(known => known.State).OfType<T>();
}

/// <param name="Number">From 1.</param>
/// <param name="Events">Events of the timeline up to its end.</param>
/// <param name="Happened">Its own events.</param>
public sealed record ReplayStep(int Number, int Events, DateTimeOffset At, string By, ImmutableArray<TimelineEvent> Happened);

/// <summary>An incident and what belongs to it as they were.</summary>
public sealed record ReplayMoment(
    ReplayStep Step, IncidentView Incident, ImmutableArray<AtpState> Atps, ImmutableArray<HaltState> Halts, ImmutableArray<ApprovalState> Approvals);
