using IncidentActors.Engine.Journals;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// Reads a journal's feed up to whatever is committed when it is asked. The feed may be late (a transaction of somebody else on the server
/// holds it back, such as the making of another test's database), so an empty page is not its end; an event that never comes is a failure.
/// </summary>
internal sealed class WholeFeed(string database)
{
    private string? cursor;
    private long read;

    public async Task<List<StoredEvent>> ReadAsync(IStore journal)
    {
        var events = new List<StoredEvent>();
        var committed = await CommittedAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                while (await journal.FeedAsync(cursor, 1000, null, CancellationToken.None) is var page)
                {
                    events.AddRange(page.Events);
                    cursor = page.Cursor;
                    read += page.Events.Length;
                    if (page.Events.IsEmpty) break;
                }

                return read >= committed;
            },
            $"the arrival of all {committed} committed events in the feed");
        return events;
    }

    private async Task<long> CommittedAsync()
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from events", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
