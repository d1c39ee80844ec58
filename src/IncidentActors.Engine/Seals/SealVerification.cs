using System.Security.Cryptography;
using System.Text.Json;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Seals;

/// <summary>What a verification of the chain saw.</summary>
/// <param name="Since">When the first seal was made, or null: there is none.</param>
/// <param name="Late">Events that were sealed late (<see cref="Seal.Late"/>).</param>
/// <param name="Keys">The public keys that signed, by <see cref="SealKey.Fingerprint"/>.</param>
/// <param name="Problems">Sentences, at most <see cref="SealVerification.MaxProblems"/>.</param>
public sealed record VerifiedSeals(
    long Seals, long Events, long Late, long Unsigned, DateTimeOffset? Since, IReadOnlyCollection<string> Keys, IReadOnlyList<string> Problems)
{
    /// <summary>Those of <see cref="Events"/> that are in archives: their digests are in the journal.</summary>
    public long Archived { get; init; }
}

/// <summary>Computes the chain again from the rows: finds every sealed event that was changed, removed, inserted or moved.</summary>
public static class SealVerification
{
    public const int MaxProblems = 100;
    private const int MaxRuns = 5;

    /// <param name="checkpoints">Lines of the file of checkpoints: each must be in the chain unchanged.</param>
    /// <exception cref="InvalidOperationException">Incidents were archived or restored during each of several runs.</exception>
    public static async Task<VerifiedSeals> RunAsync(IStore journal, IReadOnlyCollection<string> checkpoints, CancellationToken cancel)
    {
        for (var run = 0; run < MaxRuns; run++)
        {
            var archives = await ArchiveRows.StandingAsync(journal, cancel);
            var verified = await RunAsync(journal, archives, checkpoints, cancel);
            var after = await ArchiveRows.StandingAsync(journal, cancel);
            if (after.Count == archives.Count && after.All(pair => archives.GetValueOrDefault(pair.Key)?.Cursors == pair.Value.Cursors)) return verified;
        }

        throw new InvalidOperationException("Incidents are being archived or restored. Verify when that has ended.");
    }

    private static async Task<VerifiedSeals> RunAsync(
        IStore journal, Dictionary<ActorId, ActorArchived> archives, IEnumerable<string> checkpoints, CancellationToken cancel)
    {
        var (head, _) = await SealChain.HeadAsync(journal, cancel);
        var chain = new ChainCheck(checkpoints);
        var origin = await SealChain.OriginAsync(journal, cancel);
        await using var feed = new SealedFeed(journal, ArchiveRows.Of(archives.Values, origin), cancel);
        await foreach (var (key, seal) in SealChain.ReadAsync(journal, cancel))
        {
            // Sealed since the head was read: the next verification sees it.
            if (head is not null && chain.Last?.Number >= head.Number) break;
            chain.See(key, seal, await feed.UntilAsync(seal.To));
        }

        chain.End(head);
        foreach (var (actor, archive) in archives.Where(pair => pair.Value.Chain == origin)) chain.See(actor, archive);
        return chain.Result() with { Archived = feed.Archived };
    }

    /// <param name="Event">Null: the event is in an archive, which left this digest.</param>
    private readonly record struct SealedRow(string Cursor, StoredEvent? Event, ReadOnlyMemory<byte> Digest)
    {
        public override string ToString() =>
            Event is null ? $"an archived event at {Cursor}" : $"{Event.Actor} version {Event.Version} ({Event.Name}, at {Cursor})";
    }

    /// <summary>The events of the feed and those in archives, parted where seals end.</summary>
    private sealed class SealedFeed(IStoreReader journal, Queue<ArchivedRow> archived, CancellationToken cancel) : IAsyncDisposable
    {
        private readonly int all = archived.Count;

        private readonly IAsyncEnumerator<StoredEvent> events = SealChain.FeedAsync(journal, null, cancel).GetAsyncEnumerator(cancel);
        private bool begun;
        private bool more = true;

        /// <summary>Archived events that were seen.</summary>
        public long Archived => all - archived.Count;

        public async Task<List<SealedRow>> UntilAsync(string to)
        {
            if (!begun) more = await events.MoveNextAsync();
            begun = true;
            var until = new List<SealedRow>();
            while (true)
            {
                var next = more && SealChain.Reaches(to, events.Current.Cursor) ? events.Current : null;
                if (archived.TryPeek(out var row) && SealChain.Reaches(next?.Cursor ?? to, row.Cursor))
                {
                    archived.Dequeue();
                    until.Add(new SealedRow(row.Cursor, null, row.Digest));
                    continue;
                }

                if (next is null) return until;
                until.Add(new SealedRow(next.Cursor, next, default));
                more = await events.MoveNextAsync();
            }
        }

        public ValueTask DisposeAsync() => events.DisposeAsync();
    }

    private sealed class ChainCheck(IEnumerable<string> checkpoints)
    {
        private readonly Dictionary<long, Seal> noted = checkpoints.Where(line => line.Length > 0)
            .Select(line => JsonSerializer.Deserialize(line, SealJson.Default.Seal)!).DistinctBy(seal => seal.Number).ToDictionary(seal => seal.Number);

        private readonly List<string> problems = [];
        private readonly HashSet<string> keys = [];
        private long events;
        private long late;
        private long unsigned;
        private Seal? first;

        public Seal? Last { get; private set; }

        public void See(ActorId actor, ActorArchived archive)
        {
            if (!ArchiveRows.SignatureHolds(archive, actor)) Note($"the signature of the archive of {actor} does not hold");
            else if (keys.Count > 0 && (archive.Key is null || !keys.Contains(SealKey.Fingerprint(archive.Key))))
                Note($"the archive of {actor} in {archive.File} is not signed by a key of the seals");
        }

        public void See(string key, Seal seal, List<SealedRow> found)
        {
            first ??= seal;
            var number = (Last?.Number ?? 0) + 1;
            if (seal.Number != number || key != SealChain.Key(number)) Note($"the seal {number} is missing; seal {seal.Number} is in its place");
            if (seal.Previous != (Last?.Hash ?? "")) Note($"seal {seal.Number} does not continue the seal before it");
            if (seal.Hash != seal.Computed()) Note($"seal {seal.Number} was changed: its hash is not of its fields");
            if (!seal.SignatureHolds()) Note($"the signature of seal {seal.Number} does not hold");
            if (noted.Remove(seal.Number, out var checkpoint) && checkpoint.Hash != seal.Hash)
                Note($"seal {seal.Number} is not the one of the checkpoint: the history was written again");
            if (seal.Key is null) unsigned++;
            else if (seal.SignatureHolds()) keys.Add(SealKey.Fingerprint(seal.Key));
            if (seal.Late) late += seal.Count;
            events += seal.Count;
            Last = seal;
            Compare(seal, found);
        }

        public void End(SealHead? head)
        {
            if (head is null && Last is not null) Note("the end of the chain is missing");
            if (head is not null && (Last is null || head.Number != Last.Number || head.Hash != Last.Hash || head.To != Last.To))
                Note($"the chain ends with seal {Last?.Number ?? 0}, its end says {head.Number}: seals were removed or changed");
            foreach (var checkpoint in noted.Values)
                Note($"seal {checkpoint.Number} of the checkpoints is not in the journal: the end of the history was removed");
        }

        public VerifiedSeals Result() => new(
            Last?.Number ?? 0, events, late, unsigned,
            first is null ? null : DateTimeOffset.UnixEpoch.AddTicks(first.At), keys, problems);

        private void Compare(Seal seal, List<SealedRow> found)
        {
            var digests = Digests(found);
            var (marks, sealedMarks) = (SealHash.Marks(digests), seal.Marks ?? []);
            if (seal.Rows == Convert.ToHexStringLower(SHA256.HashData(digests)) && found.Count == seal.Count)
            {
                if (!marks.AsSpan().SequenceEqual(sealedMarks)) Note($"the marks of seal {seal.Number} were changed");
                return;
            }

            var at = marks.AsSpan().CommonPrefixLength(sealedMarks) / SealHash.MarkBytes;
            var which = at < found.Count ? found[at].ToString() : null;
            var after = at == 0 ? "at its beginning" : $"after {found[at - 1]}";
            Note(found.Count < seal.Count ? $"of seal {seal.Number}, {seal.Count - found.Count} events were removed or moved, the first {after}"
                : found.Count > seal.Count ? $"into seal {seal.Number}, {found.Count - seal.Count} events were inserted or moved, the first {which}"
                : $"of seal {seal.Number}, the event {which ?? after} was changed or moved");
        }

        private static byte[] Digests(List<SealedRow> found)
        {
            var present = SealHash.Rows([.. found.Select(row => row.Event).OfType<StoredEvent>()]);
            var digests = new byte[found.Count * SealHash.DigestBytes];
            var next = 0;
            for (var i = 0; i < found.Count; i++)
            {
                var digest = found[i].Event is null ? found[i].Digest : present.AsMemory(SealHash.DigestBytes * next++, SealHash.DigestBytes);
                digest.CopyTo(digests.AsMemory(i * SealHash.DigestBytes));
            }

            return digests;
        }

        private void Note(string problem)
        {
            if (problems.Count < MaxProblems) problems.Add(problem);
        }
    }
}
