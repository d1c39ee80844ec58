using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Seals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Archives;

/// <summary>What an archive left in the journal: for each event that it took, the cursor and the digest that the seals need.</summary>
internal static class ArchiveRows
{
    public static readonly string Name = EventTypes.NameOf(typeof(ActorArchived));
    public static readonly ImmutableArray<ActorKind> Belonging = [ActorKind.Atp, ActorKind.Approval, ActorKind.Permit];
    private const int Page = 500;
    private static readonly ImmutableArray<ActorKind> Kinds = [ActorKind.Incident, .. Belonging];

    public static ActorArchived Read(ReadOnlyMemory<byte> payload) => (ActorArchived)EventTypes.Read(Name, payload.Span);

    public static string Hash(ReadOnlySpan<byte> document) => Convert.ToHexStringLower(SHA256.HashData(document));

    public static IEnumerable<ArchivedRow> Rows(this ActorArchived archive)
    {
        var cursors = archive.Cursors.Split(' ');
        if (archive.Digests.Length != cursors.Length * SealHash.DigestBytes)
            throw new InvalidDataException($"the archive {archive.File} has not one digest for each cursor");
        return cursors.Select((cursor, i) => new ArchivedRow(cursor, archive.Digests.AsMemory(i * SealHash.DigestBytes, SealHash.DigestBytes)));
    }

    /// <summary>
    /// The actors with an archived history, each with the event that represents it: its last one. They are found by their documents, because the feed shows
    /// an event only after every older transaction of the database has ended, while the rows that left are gone at once.
    /// </summary>
    public static async Task<Dictionary<ActorId, ActorArchived>> StandingAsync(IStoreReader journal, CancellationToken cancel)
    {
        var standing = new Dictionary<ActorId, ActorArchived>();
        foreach (var kind in Kinds)
        {
            await foreach (var stored in ListAsync(journal, new ActorFilter(kind) { Open = false }, cancel))
            {
                if (States.Read(kind, stored.Document.Span).Archived is null) continue;
                if (await journal.HistoryAsync(stored.Actor, stored.Version - 1, 1, cancel) is [{ } last] && last.Name == Name)
                    standing[stored.Actor] = Read(last.Payload);
            }
        }

        return standing;
    }

    /// <summary>All actors of the filter, oldest first.</summary>
    public static async IAsyncEnumerable<StoredActor> ListAsync(
        IStoreReader journal, ActorFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (string? cursor = null; ;)
        {
            var page = await journal.ListAsync(filter with { OldestFirst = true, Limit = Page, Cursor = cursor }, cancel);
            foreach (var stored in page.Actors) yield return stored;
            if ((cursor = page.Next) is null) yield break;
        }
    }

    /// <summary>The rows of those archives that were made from this chain, in the order of the feed. An import begins another chain.</summary>
    public static Queue<ArchivedRow> Of(IEnumerable<ActorArchived> archives, string? chain) => new(
        archives.Where(archive => archive.Chain == chain).SelectMany(Rows).OrderBy(row => Place(row.Cursor)));

    public static (long Transaction, long Position) Place(string cursor)
    {
        var place = FeedCursor.Parse(cursor);
        return (place.Transaction, place.Position);
    }

    public static ActorArchived Sign(ActorArchived archive, ActorId actor, ECDsa? key)
    {
        if (key is null) return archive;
        var named = archive with { Key = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()) };
        return named with { Signature = Convert.ToBase64String(key.SignData(Digest(named, actor), HashAlgorithmName.SHA256)) };
    }

    /// <summary>Whether the archive is unsigned, or its signature was made by its key.</summary>
    public static bool SignatureHolds(ActorArchived archive, ActorId actor) => SealKey.Verifies(archive.Key, Digest(archive, actor), archive.Signature);

    private static byte[] Digest(ActorArchived archive, ActorId actor)
    {
        var digest = new byte[SealHash.DigestBytes];
        using var fields = new SealHash.Fields();
        fields.Add(actor.ToString()).Add(archive.Incident).Add(archive.File).Add(archive.Chain).Add(archive.Document).Add(archive.Cursors)
            .AddHex(archive.Digests).Add(archive.Key).Hash(digest);
        return digest;
    }
}

/// <param name="Digest">Of an event that is in an archive.</param>
internal readonly record struct ArchivedRow(string Cursor, ReadOnlyMemory<byte> Digest);
