using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Server.Pages.Clocks;

/// <summary>A clock as the engine runs it: the time that halts kept it standing is in its due time.</summary>
/// <param name="Due">When it fires or fired; while paused, when it would fire if it continued now.</param>
/// <param name="Halt">The halt that pauses it; null if it runs or has fired.</param>
public sealed record RunningClock(DateTimeOffset Due, string? Halt = null)
{
    /// <param name="halts">All that were active since <paramref name="from"/>.</param>
    /// <param name="from">Since when its time is counted.</param>
    /// <param name="due">When it would ring without a halt.</param>
    public static RunningClock Of(IReadOnlyList<HaltRecord> halts, Subject subject, DateTimeOffset from, DateTimeOffset due, DateTimeOffset now)
    {
        var stood = halts.Select(halt => halt.PausedInterval(subject, from, now)).OfType<(DateTimeOffset From, DateTimeOffset To)>().OrderBy(one => one.From);
        var (reached, left) = (from, due - from);
        foreach (var (start, end) in stood)
        {
            var ran = start - reached;
            if (ran >= left) break;
            if (ran > TimeSpan.Zero) left -= ran;
            if (end > reached) reached = end;
        }

        var rings = reached + left;
        return new RunningClock(rings, rings > now ? halts.FirstOrDefault(halt => halt.Covers(subject))?.Id : null);
    }
}
