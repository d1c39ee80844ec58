using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>What is there of all that some turns touch, read in one round trip when they cannot simply be written.</summary>
internal sealed class ConflictProbe
{
    private readonly Dictionary<string, long> versions = [];
    private readonly Dictionary<string, StoredAnswer> answers = [];
    private readonly Dictionary<string, string?> leases = [];
    private readonly Dictionary<string, ActorId> holders = [];

    /// <summary>Read first: everything that is read afterwards is at least as new.</summary>
    public long Epoch { get; private set; }

    public static async Task<ConflictProbe> ReadAsync(NpgsqlDataSource source, IReadOnlyList<TurnRecord> turns)
    {
        var actors = turns.SelectMany(static turn => turn.Guards.Select(static guard => guard.Actor)
            .Concat(turn.Appends.Select(static append => append.Actor))).Distinct();
        await using var batch = source.CreateBatch();
        batch.Add("select epoch from fence");
        batch.Add("select id, version from actors where id = any ($1)")
            .Texts([.. actors], static actor => actor.ToString());
        batch.Add("select key, request_hash, json from answers where key = any ($1)")
            .Texts([.. turns.Select(static turn => turn.Answer).OfType<KeyedAnswer>()], static answer => answer.Key);
        batch.Add("select id, lease_token from effects where id = any ($1)")
            .Texts([.. turns.Select(static turn => turn.Consumes).OfType<Consumption>()], static consumed => consumed.EffectId);
        batch.Add("select name, holder from claims where name = any ($1)")
            .Texts([.. turns.SelectMany(static turn => turn.Claims)], static claim => claim.Name);

        var there = new ConflictProbe();
        await using var rows = await batch.ExecuteReaderAsync();
        await rows.ReadAsync();
        there.Epoch = rows.GetInt64(0);
        await rows.NextResultAsync();
        while (await rows.ReadAsync()) there.versions.Add(rows.GetString(0), rows.GetInt64(1));
        await rows.NextResultAsync();
        while (await rows.ReadAsync())
            there.answers.Add(rows.GetString(0), new StoredAnswer(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2)));
        await rows.NextResultAsync();
        while (await rows.ReadAsync()) there.leases.Add(rows.GetString(0), await rows.IsDBNullAsync(1) ? null : rows.GetString(1));
        await rows.NextResultAsync();
        while (await rows.ReadAsync()) there.holders.Add(rows.GetString(0), ActorId.Parse(rows.GetString(1)));
        return there;
    }

    /// <summary>Why the turn may not be committed, in the contract's order, or null; then later turns see its versions.</summary>
    public CommitResult? Refusal(TurnRecord turn, ActiveHalts halts)
    {
        if (turn.Answer is { } answer && answers.TryGetValue(answer.Key, out var known)) return new KeyKnown(known);
        if (turn.Consumes is { } consumed && leases.GetValueOrDefault(consumed.EffectId) != consumed.LeaseToken)
            return new AlreadyConsumed();
        foreach (var append in turn.Appends)
        {
            if (Version(append.Actor) != append.ExpectedVersion) return new Stale(append.Actor);
        }

        foreach (var guard in turn.Guards)
        {
            if (Version(guard.Actor) != guard.Version) return new Stale(guard.Actor);
        }

        if (turn.HaltEpoch is { } epoch && epoch != halts.Epoch) return new Stale(null);
        if (halts.Covering(turn.Subject) is { } halt) return new Fenced(halt);
        foreach (var claim in turn.Claims)
        {
            if (holders.TryGetValue(claim.Name, out var holder)
                && holder != claim.Holder && !turn.Releases.Contains(claim with { Holder = holder }))
                return new ClaimTaken(claim.Name, holder);
        }

        foreach (var append in turn.Appends) versions[append.Actor.ToString()] = append.ExpectedVersion + append.Events.Length;
        return null;
    }

    private long Version(ActorId actor) => versions.GetValueOrDefault(actor.ToString());
}
