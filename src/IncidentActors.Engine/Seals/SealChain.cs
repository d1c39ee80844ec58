using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;

namespace IncidentActors.Engine.Seals;

/// <summary>The seals as records beside the journal: one for each seal, and one that holds the end of the chain.</summary>
public static class SealChain
{
    private const int AtOnce = 200;

    /// <summary>The end of the chain and the version of its record; null and 0: nothing was sealed yet.</summary>
    public static async Task<(SealHead? Head, long Version)> HeadAsync(IRecords records, CancellationToken cancel) =>
        await records.FindAsync(RecordKinds.SealHead, RecordKinds.SealHead, cancel) is { } found
            ? (JsonSerializer.Deserialize(found.Document.Span, SealJson.Default.SealHead), found.Version)
            : (null, 0);

    /// <summary>Adds a seal behind the end that <see cref="HeadAsync"/> gave.</summary>
    /// <returns>False if another node has extended the chain since; nothing was written then.</returns>
    public static Task<bool> AppendAsync(IRecords records, Seal seal, string node, long headVersion, CancellationToken cancel) => records.WriteAsync(
        [
            new RecordWrite(
                RecordKinds.SealHead, RecordKinds.SealHead, headVersion,
                JsonSerializer.SerializeToUtf8Bytes(new SealHead(seal.Number, seal.To, seal.Hash, seal.At, node), SealJson.Default.SealHead)),
            new RecordWrite(RecordKinds.Seal, Key(seal.Number), 0, JsonSerializer.SerializeToUtf8Bytes(seal, SealJson.Default.Seal)),
        ],
        cancel);

    /// <summary>All seals with the keys of their records, in the order of the keys.</summary>
    /// <exception cref="JsonException">One of them is not a seal.</exception>
    public static async IAsyncEnumerable<(string Key, Seal Seal)> ReadAsync(IRecords records, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (string? after = null; ;)
        {
            var page = await records.ListAsync(RecordKinds.Seal, "", after, AtOnce, cancel);
            foreach (var record in page) yield return (record.Key, JsonSerializer.Deserialize(record.Document.Span, SealJson.Default.Seal)!);
            if (page.Count < AtOnce) yield break;
            after = page[^1].Key;
        }
    }

    /// <summary>The hash of the first seal, by which a chain is known; null: there is none.</summary>
    public static async Task<string?> OriginAsync(IRecords records, CancellationToken cancel) => (await FindAsync(records, 1, cancel))?.Hash;

    public static async Task<Seal?> FindAsync(IRecords records, long number, CancellationToken cancel) =>
        await records.FindAsync(RecordKinds.Seal, Key(number), cancel) is { } record
            ? JsonSerializer.Deserialize(record.Document.Span, SealJson.Default.Seal)
            : null;

    public static string Key(long number) => number.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>The events from a cursor on, in the order of the feed.</summary>
    public static async IAsyncEnumerable<StoredEvent> FeedAsync(IStoreReader journal, string? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var page = await journal.FeedAsync(after, Sealer.MaxEvents, null, cancel);
            if (page.Events.IsEmpty) yield break;
            foreach (var one in page.Events) yield return one;
            after = page.Cursor;
        }
    }

    /// <summary>Whether a seal that ends at <paramref name="to"/> contains the event at <paramref name="cursor"/>.</summary>
    public static bool Reaches(string to, string cursor)
    {
        var (end, place) = (FeedCursor.Parse(to), FeedCursor.Parse(cursor));
        return (place.Transaction, place.Position).CompareTo((end.Transaction, end.Position)) <= 0;
    }
}
