using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>How an ATP goes on from a state.</summary>
internal enum StepKind
{
    /// <summary>The row is taken; an approval that it needs is given.</summary>
    Taken,

    /// <summary>The row's approval is rejected.</summary>
    Rejected,

    /// <summary>Nobody answers; the row's approval gives itself.</summary>
    TimedOut,
}

/// <param name="To">The state that it leads to.</param>
internal sealed record PathStep(FlowRow Row, StepKind Kind, string To);

/// <summary>
/// Every path of a flow from its start to its ends, found in its table alone: no list of paths is kept anywhere. A flow whose states lead nearly
/// everywhere has millions; of those, paths that have every two steps that can follow one another.
/// </summary>
internal static class FlowPaths
{
    /// <summary>Each state is entered at most twice, so every loop is gone round once.</summary>
    private const int MaxVisits = 2;

    private const int MaxPaths = 500;

    public static IEnumerable<ImmutableArray<PathStep>> Of(Flow flow, Severity severity)
    {
        var steps = Steps(flow, severity).ToLookup(step => step.Row.From);
        List<PathStep> starts = [.. flow.Rows.Where(row => row.IsStart).Select(start => new PathStep(start, StepKind.Taken, start.To))];
        var all = starts.SelectMany(start => From(flow, steps, [start], ImmutableDictionary<string, int>.Empty.Add(start.To, 1))).Take(MaxPaths + 1).ToList();
        return all.Count <= MaxPaths ? all : Pairs(flow, steps, starts);
    }

    /// <summary>For every two steps that can follow one another, the shortest way to the first and from the second to an end.</summary>
    private static IEnumerable<ImmutableArray<PathStep>> Pairs(Flow flow, ILookup<string, PathStep> steps, List<PathStep> starts)
    {
        var there = new Dictionary<PathStep, ImmutableArray<PathStep>>();
        var next = new Queue<ImmutableArray<PathStep>>(starts.Select(start => ImmutableArray.Create(start)));
        while (next.TryDequeue(out var way))
        {
            if (!there.TryAdd(way[^1], way)) continue;
            foreach (var step in steps[way[^1].To].Where(step => !there.ContainsKey(step))) next.Enqueue(way.Add(step));
        }

        return there.SelectMany(first => steps[first.Key.To].Where(second => !first.Value.Contains(second))
            .Select(second => first.Value.AddRange(ToEnd(flow, steps, second))));
    }

    /// <summary>The step and the fewest steps from it to an end.</summary>
    private static ImmutableArray<PathStep> ToEnd(Flow flow, ILookup<string, PathStep> steps, PathStep step)
    {
        var seen = new HashSet<string>();
        var next = new Queue<ImmutableArray<PathStep>>([[step]]);
        while (true)
        {
            var way = next.Dequeue();
            if (flow.State(way[^1].To)!.Terminal) return way;
            if (!seen.Add(way[^1].To)) continue;
            foreach (var following in steps[way[^1].To]) next.Enqueue(way.Add(following));
        }
    }

    /// <summary>All steps that the table allows for a severity.</summary>
    public static IEnumerable<PathStep> Steps(Flow flow, Severity severity)
    {
        foreach (var row in flow.Rows.Where(row => row.Kind == RowKind.Transition))
        {
            var severities = row.Requires.Severities;
            if (!severities.IsEmpty && !severities.Contains(severity.Name())) continue;
            yield return new PathStep(row, StepKind.Taken, row.To);
            if (row.Requires.Approval is not { } approval) continue;
            if (approval.RejectTo is { } back) yield return new PathStep(row, StepKind.Rejected, back);
            if (approval.OnTimeout == ApprovalTimeout.Approve) yield return new PathStep(row, StepKind.TimedOut, row.To);
        }
    }

    private static IEnumerable<ImmutableArray<PathStep>> From(
        Flow flow, ILookup<string, PathStep> steps, ImmutableArray<PathStep> path, ImmutableDictionary<string, int> visits)
    {
        var state = path[^1].To;
        if (flow.State(state)!.Terminal) return [path];
        return steps[state]
            .Where(step => step.To == state ? !path.Contains(step) : visits.GetValueOrDefault(step.To) < MaxVisits)
            .SelectMany(step => From(flow, steps, path.Add(step), step.To == state ? visits : visits.SetItem(step.To, visits.GetValueOrDefault(step.To) + 1)));
    }
}
