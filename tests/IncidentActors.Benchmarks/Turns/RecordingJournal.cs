using IncidentActors.Engine.Journals;
using IncidentActors.Testing;

namespace IncidentActors.Benchmarks.Turns;

/// <summary>Remembers what was committed together, so that a bare loop can write the same rows in the same batches.</summary>
internal sealed class RecordingJournal(IStore inner) : DelegatingStore(inner)
{
    public List<IReadOnlyList<TurnRecord>> Batches { get; } = [];

    public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        Batches.Add(turns);
        return await Inner.CommitAsync(turns, cancel);
    }
}
