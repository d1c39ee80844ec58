using IncidentActors.Engine.Journals;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// The journal in a PostgreSQL database (15 or newer) that several nodes share. A call to <see cref="CommitAsync"/> is as a rule
/// one transaction in one round trip; halts use separate transactions.
/// </summary>
/// <remarks>The feed shows a commit as soon as every transaction that began to write before it has ended, so a transaction that
/// writes for long anywhere in the database server delays the feed (not the commits).</remarks>
public sealed partial class PostgresStore : IStore
{
    private readonly NpgsqlDataSource source;
    private readonly Fence fence;
    private readonly Committer committer;
    private readonly Announcer announcer;
    private Listener? listener;
    private long lastLease;

    /// <param name="address">As <see cref="PostgresAddress"/> takes it. What it leaves open is set: a pool of 20, timeouts, prepared statements.</param>
    /// <param name="settleWithin">How long to ask for the outcome of a commit without an answer; 20 seconds.</param>
    public PostgresStore(string address, TimeSpan? settleWithin = null)
    {
        var settings = ConnectionSettings.Of(address);
        Description = $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database}";
        source = NpgsqlDataSource.Create(settings);
        fence = new Fence(source);
        committer = new Committer(source, fence, Description, settleWithin ?? TimeSpan.FromSeconds(20));
        announcer = new Announcer(source);
    }

    public event Action<JournalSignal>? Signaled;

    public string Description { get; }

    public string SystemName => "postgresql";

    public int Lanes => 3;

    public async Task OpenAsync(CancellationToken cancel)
    {
        await GuardedAsync(async () =>
        {
            await using var connection = await DirectConnection.OpenAsync(source, Description, cancel);
            await Schema.ApplyAsync(connection, cancel);
            return true;
        });
        listener = new Listener(source, announcer.Node, Hear);
    }

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        WellFormed.Check(turns);
        cancel.ThrowIfCancellationRequested();
        var results = await committer.CommitAsync(turns);
        foreach (var signal in JournalSignals.Of(turns, results))
        {
            Signaled?.Invoke(signal);
            if (signal != JournalSignal.Halt) announcer.Announce(signal);
        }

        return results;
    }

    public Task<IReadOnlyList<DueEffect>> TakeDueAsync(
        string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel)
    {
        const string Take = $"select {Rows.EffectColumns} from take_effects($1, $2, $3, $4)";
        var token = $"{node}#{announcer.Node}.{Interlocked.Increment(ref lastLease)}";
        return WithoutFsyncAsync<IReadOnlyList<DueEffect>>(
            batch => batch.Add(Take)
                .Value(NpgsqlDbType.Bigint, JournalJson.Ticks(now)).Value(NpgsqlDbType.Bigint, (long)limit)
                .Value(NpgsqlDbType.Text, token).Value(NpgsqlDbType.Bigint, JournalJson.Ticks(now + lease)),
            async rows => await Rows.AllAsync(rows, Rows.Effect, cancel),
            cancel);
    }

    public async Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel)
    {
        const string Hold =
            "update effects set due = $1, ready = $1, counted = $2, lease_token = null where id = $3 and lease_token = $4";
        var held = await WithoutFsyncAsync(
            batch => batch.Add(Hold)
                .Value(NpgsqlDbType.Bigint, JournalJson.Ticks(due)).Value(NpgsqlDbType.Bigint, JournalJson.Ticks(counted))
                .Value(NpgsqlDbType.Text, effectId).Value(NpgsqlDbType.Text, leaseToken),
            rows => Task.FromResult(rows.RecordsAffected > 0),
            cancel);
        if (!held) return;
        Signaled?.Invoke(JournalSignal.WakeUp);
        announcer.Announce(JournalSignal.WakeUp);
    }

    public async Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel)
    {
        var parked = await WithoutFsyncAsync(
            batch => batch.Add("select park_effect($1, $2, $3, $4, $5)")
                .Value(NpgsqlDbType.Text, effectId).Value(NpgsqlDbType.Text, leaseToken).Value(NpgsqlDbType.Text, haltId)
                .Value(NpgsqlDbType.Text, Parking.Token(haltId)).Value(NpgsqlDbType.Bigint, JournalJson.Ticks(DateTimeOffset.MaxValue)),
            async rows => await rows.ReadAsync(cancel) && rows.GetBoolean(0),
            cancel);
        if (!parked) return;
        Signaled?.Invoke(JournalSignal.WakeUp);
        announcer.Announce(JournalSignal.WakeUp);
    }

    public Task PingAsync(CancellationToken cancel) =>
        committer.CommitAsync([new TurnRecord { At = DateTimeOffset.UnixEpoch, By = Core.Agents.Handle.System }]);

    public async ValueTask DisposeAsync()
    {
        if (listener is not null) await listener.DisposeAsync();
        await announcer.DisposeAsync();
        await source.DisposeAsync();
    }

    private void Hear(JournalSignal signal)
    {
        if (signal == JournalSignal.Halt) fence.Forget();
        Signaled?.Invoke(signal);
    }

    /// <summary>One statement that does not wait for the disk: its effect may be lost when the server fails.</summary>
    private Task<T> WithoutFsyncAsync<T>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancel) =>
        GuardedAsync(async () =>
        {
            await using var batch = source.CreateBatch();
            batch.Add("select set_config('synchronous_commit', 'off', true)");
            fill(batch);
            await using var rows = await batch.ExecuteReaderAsync(cancel);
            await rows.NextResultAsync(cancel);
            var result = await read(rows);
            await rows.NextResultAsync(cancel);
            return result;
        });

    private async Task<T> GuardedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (Faults.IsOfStore(error))
        {
            throw Faults.Unavailable(Description, error, notApplied: true);
        }
    }
}
