using IncidentActors.Engine.Journals;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>The planted bug: looks at the active halts, and commits afterwards what was not covered then.</summary>
internal sealed class FenceBeforeTransaction(IStore inner) : DelegatingStore(inner)
{
    public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        var halts = await Inner.HaltsAsync(null, cancel);
        var results = new CommitResult[turns.Count];
        var passed = new List<int>();
        for (var i = 0; i < turns.Count; i++)
        {
            var covering = turns[i].Subject is { } subject ? halts.FirstOrDefault(halt => halt.Covers(subject)) : null;
            if (covering is null) passed.Add(i);
            else results[i] = new Fenced(covering);
        }

        var committed = await Inner.CommitAsync([.. passed.Select(i => turns[i] with { Subject = null })], cancel);
        for (var i = 0; i < passed.Count; i++) results[passed[i]] = committed[i];
        return results;
    }
}
