using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>The active halts under one epoch.</summary>
internal sealed record ActiveHalts(long Epoch, ImmutableArray<HaltRecord> Halts)
{
    /// <summary>Whether these halts forbid the turn, or it was decided under another epoch.</summary>
    public bool Forbid(TurnRecord turn) => Covering(turn.Subject) is not null || (turn.HaltEpoch is { } known && known != Epoch);

    public HaltRecord? Covering(Subject? subject)
    {
        if (subject is null) return null;
        foreach (var halt in Halts)
        {
            if (halt.Covers(subject)) return halt;
        }

        return null;
    }
}

/// <summary>This node's memory of the active halts. May be behind; every commit proves the epoch that it was checked under.</summary>
internal sealed class Fence(NpgsqlDataSource source)
{
    private volatile ActiveHalts? known;

    public async ValueTask<ActiveHalts> CurrentAsync() => known ?? await LoadAsync();

    public void Forget() => known = null;

    private async Task<ActiveHalts> LoadAsync()
    {
        // One statement: epoch and halts of the same moment.
        await using var command = source.CreateCommand(
            "select f.epoch, h.document from fence f left join halts h on h.lifted_at is null order by h.no");
        await using var rows = await command.ExecuteReaderAsync();
        var epoch = 0L;
        var halts = ImmutableArray.CreateBuilder<HaltRecord>();
        while (await rows.ReadAsync())
        {
            epoch = rows.GetInt64(0);
            if (!await rows.IsDBNullAsync(1)) halts.Add(JournalJson.Halt(rows.GetFieldValue<byte[]>(1)));
        }

        return known = new ActiveHalts(epoch, halts.ToImmutable());
    }
}
