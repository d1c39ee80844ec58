using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>Invariant 2: every actor has one history without gaps, in the store and in the order of commits.</summary>
internal static class GapFree
{
    public static IEnumerable<string> Check(World world)
    {
        var versions = new Dictionary<ActorId, long>();
        foreach (var entry in world.Ledger.Entries)
        {
            foreach (var append in entry.Turn.Appends)
            {
                var version = versions.GetValueOrDefault(append.Actor);
                if (append.ExpectedVersion != version)
                    yield return $"{append.Actor} was at {version} when position {entry.Position} appended to {append.ExpectedVersion}";
                if (entry.Events.First(one => one.Actor == append.Actor).Event is ICreationEvent != (version == 0))
                    yield return $"{append.Actor} was born at version {version + 1}";
                versions[append.Actor] = version + append.Events.Length;
            }
        }

        foreach (var (actor, version) in versions)
        {
            var stored = world.Ledger.Store.HistoryAsync(actor, 0, int.MaxValue, CancellationToken.None).Result;
            if (!stored.Select(one => one.Version).SequenceEqual(Enumerable.Range(1, (int)version).Select(number => (long)number)))
                yield return $"{actor}'s stored history has a gap";
        }
    }
}
