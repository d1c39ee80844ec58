using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Server.Pages.Clocks;

/// <summary>A clock as the engine runs it (SPEC §4.4): the time that halts kept it standing is in its due time.</summary>
/// <param name="Due">When it rings or rang; while it stands, when it would ring if it went on now.</param>
/// <param name="Halt">The halt under which it stands now and keeps what is left; null: it runs, or has rung.</param>
public sealed record RunningClock(DateTimeOffset Due, string? Halt = null)
{
    /// <param name="halts">All that were active since <paramref name="from"/>.</param>
    /// <param name="from">Since when its time is counted.</param>
    /// <param name="due">When it would ring without a halt.</param>
    public static RunningClock Of(IReadOnlyList<HaltRecord> halts, Subject subject, DateTimeOffset from, DateTimeOffset due, DateTimeOffset now)
    {
        var stood = halts.Select(halt => halt.StoodStill(subject, from, now)).OfType<(DateTimeOffset From, DateTimeOffset To)>().OrderBy(one => one.From);
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
