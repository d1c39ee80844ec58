using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>Receives announcements of other nodes on a separate connection, which is reopened when it fails.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource source;
    private readonly string node;
    private readonly Action<JournalSignal> hear;
    private readonly CancellationTokenSource closing = new();
    private readonly Task listening;

    public Listener(NpgsqlDataSource source, string node, Action<JournalSignal> hear)
    {
        this.source = source;
        this.node = node;
        this.hear = hear;
        listening = ListenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await listening;
        closing.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync();
            }
            catch (Exception error) when (Faults.IsOfStore(error) || error is OperationCanceledException)
            {
                await Task.Delay(BeforeNextTry, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenOnceAsync()
    {
        await using var connection = await source.OpenConnectionAsync(closing.Token);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await using (var listen = new NpgsqlCommand("listen incident_actors", connection)) await listen.ExecuteNonQueryAsync(closing.Token);

        // What was announced while the connection was down.
        foreach (var signal in Enum.GetValues<JournalSignal>()) hear(signal);
        while (true) await connection.WaitAsync(closing.Token);
    }

    private void Hear(string payload)
    {
        var parts = payload.Split(' ');
        if (Enum.TryParse<JournalSignal>(parts[0], out var signal) && (parts.Length < 2 || parts[1] != node)) hear(signal);
    }
}
