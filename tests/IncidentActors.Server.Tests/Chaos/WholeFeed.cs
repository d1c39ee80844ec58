using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// Reads a journal's feed up to whatever is committed when it is asked. The feed may be late (a transaction of somebody else on the server
/// holds it back, such as the making of another test's database), so an empty page is not its end; an event that never comes is a failure.
/// </summary>
internal sealed class WholeFeed(string database)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private string? cursor;
    private long read;

    public async Task<List<StoredEvent>> ReadAsync(IJournal journal)
    {
        var events = new List<StoredEvent>();
        var committed = await CommittedAsync();
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var page = await journal.FeedAsync(cursor, 1000, null, CancellationToken.None);
            events.AddRange(page.Events);
            cursor = page.Cursor;
            read += page.Events.Length;
            if (!page.Events.IsEmpty) continue;
            if (read >= committed) return events;
            Assert.False(patience.IsCancellationRequested, $"{committed - read} of {committed} committed events are missing in the feed");
            await look.WaitForNextTickAsync();
        }
    }

    private async Task<long> CommittedAsync()
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from events", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
