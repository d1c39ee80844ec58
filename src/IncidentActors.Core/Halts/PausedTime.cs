using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>How long clocks of halted work were paused: the union of all covering halts' intervals.</summary>
public static class PausedTime
{
    public static TimeSpan Between(IEnumerable<HaltRecord> halts, Subject subject, DateTimeOffset from, DateTimeOffset to)
    {
        var intervals = halts
            .Select(halt => halt.PausedInterval(subject, from, to))
            .OfType<(DateTimeOffset From, DateTimeOffset To)>()
            .OrderBy(interval => interval.From);
        var total = TimeSpan.Zero;
        var reached = from;
        foreach (var (start, end) in intervals)
        {
            var begin = start > reached ? start : reached;
            if (end <= begin) continue;
            total += end - begin;
            reached = end;
        }

        return total;
    }
}
