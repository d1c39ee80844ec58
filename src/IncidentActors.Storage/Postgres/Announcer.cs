using System.Threading.Channels;
using IncidentActors.Engine.Journals;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// Notifies the other nodes of new work: after commits and apart from them, because a NOTIFY within makes
/// commits queue up for one lock. Signals within a few milliseconds are announced once. Halts need no announcer:
/// their rare commits notify by themselves.
/// </summary>
internal sealed class Announcer : IAsyncDisposable
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(10);

    private readonly NpgsqlDataSource source;
    private readonly Channel<JournalSignal> waiting = Channel.CreateUnbounded<JournalSignal>(new() { SingleReader = true });
    private readonly Task telling;
    private int announced;

    public Announcer(NpgsqlDataSource source)
    {
        this.source = source;
        telling = TellAsync();
    }

    /// <summary>This node's name towards the others.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("n")[..12];

    public void Announce(JournalSignal signal)
    {
        // A signal that is already queued is not queued again.
        if ((Interlocked.Or(ref announced, 1 << (int)signal) & (1 << (int)signal)) == 0) waiting.Writer.TryWrite(signal);
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await telling;
    }

    private async Task TellAsync()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            var signals = new HashSet<JournalSignal>();
            while (waiting.Reader.TryRead(out var signal)) signals.Add(signal);
            Interlocked.Exchange(ref announced, 0);
            try
            {
                await using var batch = source.CreateBatch();
                batch.Add("select set_config('synchronous_commit', 'off', true)");
                foreach (var signal in signals)
                    batch.Add("select pg_notify('incident_actors', $1)").Value(NpgsqlDbType.Text, $"{signal} {Node}");
                await batch.ExecuteNonQueryAsync();
            }
            catch (Exception error) when (Faults.IsOfStore(error))
            {
                // Only a hint is lost; waiters also poll.
            }

            await Task.Delay(AtMostEvery);
        }
    }
}
