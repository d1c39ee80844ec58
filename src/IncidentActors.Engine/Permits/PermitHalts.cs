using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Permits;

/// <summary>
/// Which halt has ended a permit. A permit needs no event for it: the commit refuses a grant under a covering halt, so a halt that covers it and
/// is active was raised after the grant. Of a halt that is lifted the positions in the journal tell.
/// </summary>
internal sealed class PermitHalts(IStoreReader journal, IReadOnlyList<HaltRecord> halts)
{
    /// <summary>By how much the clocks of two nodes may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly Dictionary<ActorId, long> positions = [];

    /// <param name="since">When the oldest of the permits was granted.</param>
    public static async Task<PermitHalts> ReadAsync(IStoreReader journal, DateTimeOffset since, CancellationToken cancel)
    {
        var halts = await journal.HaltsAsync(since - Skew, cancel);
        return new PermitHalts(journal, [.. halts.OrderBy(halt => halt.RaisedAt)]);
    }

    /// <summary>The first halt that has ended the permit; null if none has.</summary>
    public async ValueTask<HaltRecord?> EndedAsync(PermitState permit, CancellationToken cancel)
    {
        foreach (var halt in halts)
        {
            if (await EndsAsync(halt, permit, cancel)) return halt;
        }

        return null;
    }

    /// <summary>Whether the halt covers the permit and was raised after its grant.</summary>
    public async ValueTask<bool> EndsAsync(HaltRecord halt, PermitState permit, CancellationToken cancel) =>
        permit.Subject is { } subject
        && halt.CoveredWhenRaised(subject)
        && (halt.Covers(subject) || await BornAsync(ActorId.Halt(halt.Id), cancel) > await BornAsync(ActorId.Permit(permit.Id), cancel));

    /// <summary>The position of an actor's first event: ascending in the order of commits around every halt.</summary>
    private async ValueTask<long> BornAsync(ActorId actor, CancellationToken cancel)
    {
        if (positions.TryGetValue(actor, out var known)) return known;
        var first = await journal.HistoryAsync(actor, 0, 1, cancel);
        return positions[actor] = first is [var born, ..] ? born.Position : long.MaxValue;
    }
}
