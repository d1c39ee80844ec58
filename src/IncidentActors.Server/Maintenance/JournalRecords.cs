using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Deliveries;

namespace IncidentActors.Server.Maintenance;

/// <summary>
/// The records that move with a journal (<see cref="RecordKinds.Moving"/>). A journal that arrived without its tokens would trust
/// everybody, and one without its subscriptions would send no notifications.
/// </summary>
internal static class JournalRecords
{
    private const int AtOnce = 500;

    /// <summary>By kind and key. Positions say how many events lie before them; what is committed meanwhile lies behind.</summary>
    public static async Task<IReadOnlyList<RecordLine>> ReadAsync(IStore journal, CancellationToken cancel)
    {
        var lines = new List<RecordLine>();
        foreach (var kind in RecordKinds.Moving)
        {
            await foreach (var record in AllAsync(journal, kind, cancel)) lines.Add(new RecordLine(kind, record.Key, record.Document));
        }

        var places = lines.Where(line => line.Kind == RecordKinds.WebhookPosition).Select(line => FeedCursor.Parse(Position(line).Cursor)).Distinct().ToList();
        var before = await CountsAsync(journal, places, cancel);
        return
        [
            .. lines.Select(line => line.Kind == RecordKinds.WebhookPosition
                ? line with { After = before[FeedCursor.Parse(Position(line).Cursor)] }
                : line),
        ];
    }

    /// <summary>
    /// Fills the journal. Tokens before the lines, the other records after them, each of the two whole or not at all.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are records already, or a position lies behind the last event.</exception>
    public static async Task WriteAsync(
        IStore journal, IReadOnlyList<RecordLine> moving, IAsyncEnumerable<JournalLine> lines, CancellationToken cancel)
    {
        foreach (var kind in RecordKinds.Moving)
        {
            if ((await journal.ListAsync(kind, "", null, 1, cancel)).Count > 0)
                throw new InvalidOperationException($"The journal is not empty: it has records of the kind {kind}. Import into an empty one.");
        }

        if (!(await journal.FeedAsync(null, 1, null, cancel)).Events.IsEmpty)
            throw new InvalidOperationException("The journal is not empty: it has events. Import into an empty one.");
        var tokens = moving.Where(line => line.Kind == RecordKinds.Token).ToList();
        var places = moving.Select(line => line.After).OfType<long>().Distinct().ToDictionary(after => after, static _ => (EventLine?)null);
        await WriteAsync(journal, tokens, cancel);
        try
        {
            await journal.WriteAllAsync(NotingAsync(lines, places), cancel);
        }
        catch
        {
            await journal.WriteAsync([.. tokens.Select(token => new RecordWrite(token.Kind, token.Key, 1, null))], CancellationToken.None);
            throw;
        }

        var cursors = await CursorsAsync(journal, places, cancel);
        await WriteAsync(journal, [.. moving.Except(tokens).Select(line => line.After is { } after ? Moved(line, cursors[after]) : line)], cancel);
    }

    /// <summary>What a person who moves a journal should know of the lines.</summary>
    public static string Described(IReadOnlyList<RecordLine> lines)
    {
        var counts = lines.CountBy(line => line.Kind).ToDictionary();
        var (tokens, webhooks) = (counts.GetValueOrDefault(RecordKinds.Token), counts.GetValueOrDefault(RecordKinds.Webhook));
        var waiting = counts.GetValueOrDefault(RecordKinds.Delivery) + counts.GetValueOrDefault(RecordKinds.DeadLetter);
        return $"{tokens} access tokens, {webhooks} webhook subscriptions, {waiting} deliveries that wait or failed";
    }

    private static async Task WriteAsync(IRecords records, IReadOnlyList<RecordLine> lines, CancellationToken cancel)
    {
        if (lines.Count == 0) return;
        if (!await records.WriteAsync([.. lines.Select(line => new RecordWrite(line.Kind, line.Key, 0, line.Document))], cancel))
            throw new InvalidOperationException("The journal is not empty: one of the records exists already. Import into an empty one.");
    }

    private static async IAsyncEnumerable<StoredRecord> AllAsync(IRecords records, string kind, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (string? after = null; ;)
        {
            var page = await records.ListAsync(kind, "", after, AtOnce, cancel);
            foreach (var record in page) yield return record;
            if (page.Count < AtOnce) yield break;
            after = page[^1].Key;
        }
    }

    private static async Task<Dictionary<FeedCursor, long>> CountsAsync(IStore journal, List<FeedCursor> places, CancellationToken cancel)
    {
        var counts = places.ToDictionary(place => place, _ => 0L);
        if (places.Count == 0) return counts;
        await foreach (var cursor in FeedAsync(journal, cancel))
        {
            var behind = false;
            foreach (var place in places.Where(place => (cursor.Transaction, cursor.Position).CompareTo((place.Transaction, place.Position)) <= 0))
            {
                counts[place]++;
                behind = true;
            }

            if (!behind) break;
        }

        return counts;
    }

    /// <summary>Passes the lines through and stores in <paramref name="places"/> the last event before each place.</summary>
    private static async IAsyncEnumerable<JournalLine> NotingAsync(IAsyncEnumerable<JournalLine> lines, Dictionary<long, EventLine?> places)
    {
        var number = 0L;
        await foreach (var line in lines)
        {
            if (line is EventLine one && places.ContainsKey(++number)) places[number] = one;
            yield return line;
        }

        var last = places.Keys.DefaultIfEmpty().Max();
        if (last > number) throw new InvalidOperationException($"A subscription has read {last} events, but the export has {number}. Export it again.");
    }

    /// <summary>
    /// Read from the events' own histories: another client's transaction on the database server may delay the feed, and a move does not wait
    /// for it.
    /// </summary>
    private static async Task<Dictionary<long, string>> CursorsAsync(IStore journal, Dictionary<long, EventLine?> places, CancellationToken cancel)
    {
        var cursors = new Dictionary<long, string>();
        foreach (var (after, one) in places)
        {
            cursors[after] = one is null
                ? default(FeedCursor).ToString()
                : (await journal.HistoryAsync(one.Actor, one.Version - 1, 1, cancel)).Single().Cursor;
        }

        return cursors;
    }

    private static async IAsyncEnumerable<FeedCursor> FeedAsync(IStore journal, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (string? after = null; ;)
        {
            var page = await journal.FeedAsync(after, AtOnce, null, cancel);
            if (page.Events.IsEmpty) yield break;
            foreach (var one in page.Events) yield return FeedCursor.Parse(one.Cursor);
            after = page.Cursor;
        }
    }

    private static DeliveryPosition Position(RecordLine line) => JsonSerializer.Deserialize(line.Document.Span, DeliveryJson.Default.DeliveryPosition)!;

    /// <summary>At its new cursor, without a lease.</summary>
    private static RecordLine Moved(RecordLine line, string cursor) => line with
    {
        Document = JsonSerializer.SerializeToUtf8Bytes(
            Position(line) with { Cursor = cursor, Node = null, LeaseUntil = DateTimeOffset.UnixEpoch }, DeliveryJson.Default.DeliveryPosition),
    };
}
