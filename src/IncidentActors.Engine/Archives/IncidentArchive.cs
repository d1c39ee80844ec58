using System.Collections.Immutable;
using System.Security.Cryptography;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Engine.Seals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Archives;

/// <summary>
/// Moves the histories of closed incidents to files and back (docs/decisions/0024). Documents stay in the journal, so lists, metrics and search are as
/// before. A commit that expects every actor's version removes the rows, so it excludes turns of running servers.
/// </summary>
/// <param name="time">Says when something was archived.</param>
public sealed class IncidentArchive(IStore journal, TimeProvider time)
{
    /// <summary>When and where the incident was archived, or null: its history is in the journal.</summary>
    /// <exception cref="InvalidOperationException">There is no such incident.</exception>
    public async Task<Archived?> FindAsync(string incident, CancellationToken cancel) =>
        (await journal.StateAsync<IncidentState>(ActorId.Incident(incident), cancel)
            ?? throw new InvalidOperationException($"There is no incident {incident} in the journal; check the id and --data or --journal.")).Archived;

    /// <summary>Incidents that ended before a time and are not archived, oldest first.</summary>
    public async Task<IReadOnlyList<string>> EndedBeforeAsync(DateTimeOffset before, CancellationToken cancel) =>
        [.. (await ListAsync(new ActorFilter(ActorKind.Incident) { Open = false }, cancel)).Select(stored => stored.State<IncidentState>())
            .Where(incident => incident.Archived is null && incident.ClosedAt < before).OrderBy(incident => incident.ClosedAt)
            .Select(incident => incident.Id)];

    /// <summary>What is to be written to the file.</summary>
    /// <exception cref="InvalidOperationException">The incident may not be archived yet; the message says what to do.</exception>
    public async Task<ProofBundle> MakeAsync(string incident, CancellationToken cancel)
    {
        var actors = await ActorsAsync(incident, cancel);
        await RefuseAsync(incident, actors, cancel);
        return await Proofs.MakeAsync(journal, ActorId.Incident(incident), cancel, [.. actors.Select(actor => actor.Actor)]);
    }

    /// <summary>Removes from the journal what the file has been found to hold, in one commit.</summary>
    /// <param name="bundle">The file, read back from the disk.</param>
    /// <param name="key">The private key that signs seals; null: they are not signed.</param>
    /// <exception cref="InvalidDataException">The file does not hold everything as it is in the journal; nothing was removed.</exception>
    /// <exception cref="InvalidOperationException">It may not be archived, or was changed meanwhile; nothing was removed.</exception>
    public async Task RemoveAsync(ProofBundle bundle, string file, ECDsa? key, CancellationToken cancel)
    {
        var epoch = await journal.HaltEpochAsync(cancel);
        var read = await ArchiveFile.ReadAsync(bundle, journal, cancel);
        var actors = await ActorsAsync(read.Incident.Key, cancel);
        await RefuseAsync(read.Incident.Key, actors, cancel);
        await RefuseUnlessSignedAsync(key, cancel);
        var refold = read.Refold(actors.Select(actor => actor.Actor));
        await CompareAsync(actors, refold, cancel);
        var chain = await SealChain.OriginAsync(journal, cancel);
        var now = time.GetUtcNow();
        await CommitAsync(
            [.. actors.Select(actor => Tombstone(actor, read, file, chain!, key, now))],
            turn => turn with { At = now, HaltEpoch = epoch, Archives = [.. refold.Messages.Keys] },
            read.Incident.Key);
    }

    /// <summary>Puts the rows back in one commit.</summary>
    /// <returns>False: they are in the journal already.</returns>
    /// <exception cref="InvalidDataException">The file is not the one that was archived; nothing was changed.</exception>
    public async Task<bool> RestoreAsync(ProofBundle bundle, CancellationToken cancel)
    {
        var read = await ArchiveFile.ReadAsync(bundle, journal, cancel);
        if (await FindAsync(read.Incident.Key, cancel) is null) return false;
        var archives = await MatchedAsync(read, cancel);
        var refold = read.Refold(archives.Keys);
        var appends = ImmutableArray.CreateBuilder<Append>();
        var now = time.GetUtcNow();
        foreach (var (actor, archive) in archives)
        {
            var stored = (await journal.LoadAsync(actor, cancel))!;
            appends.Add(Changed(stored, new ActorRestored(archive.File), now));
        }

        await CommitAsync(
            appends.ToImmutable(),
            turn => turn with
            {
                At = now,
                Restores = [.. archives.Keys.SelectMany(read.Of).Select(one => one.Stored())],
                Messages = [.. refold.Messages.Values.Select(line => line.Message)],
                Acks = [.. refold.Messages.Values.Where(line => line.AckedAt is not null)
                    .Select(line => new MessageAck(line.Message.Id, line.AckedBy!, line.AckedAt!.Value, line.AckNotes))],
            },
            read.Incident.Key);
        return true;
    }

    /// <summary>Whether the file is the one that was archived.</summary>
    /// <returns>How many events it holds for the journal.</returns>
    /// <exception cref="InvalidDataException">It is not; the message says where it differs.</exception>
    public async Task<int> VerifyAsync(ProofBundle bundle, CancellationToken cancel) =>
        (await MatchedAsync(await ArchiveFile.ReadAsync(bundle, journal, cancel), cancel)).Values.Sum(archive => archive.Rows().Count());

    /// <summary>The archived actors of the incident, whose events are all in the file as they were.</summary>
    private async Task<Dictionary<ActorId, ActorArchived>> MatchedAsync(ArchiveFile read, CancellationToken cancel)
    {
        var archives = (await ArchiveRows.StandingAsync(journal, cancel)).Where(pair => pair.Value.Incident == read.Incident.Key).ToDictionary();
        if (archives.Count == 0) throw new InvalidDataException($"{read.Incident.Key} is not archived: its history is in the journal.");
        foreach (var (actor, archive) in archives)
        {
            var found = read.Of(actor).Take(archive.Rows().Count()).ToList();
            if (!found.Select(one => one.Cursor).SequenceEqual(archive.Rows().Select(row => row.Cursor))
                || !SealHash.ProvenRows(found).AsSpan().SequenceEqual(archive.Digests)
                || found.Exists(one => one.Payload is null))
                throw new InvalidDataException($"The events of {actor} in the file are not those that were archived.");
        }

        return archives;
    }

    private async Task<IReadOnlyList<StoredActor>> ActorsAsync(string incident, CancellationToken cancel)
    {
        if (await FindAsync(incident, cancel) is { } archived) throw new InvalidOperationException(archived.Sentence(incident));
        var actors = new List<StoredActor> { (await journal.LoadAsync(ActorId.Incident(incident), cancel))! };
        foreach (var kind in ArchiveRows.Belonging) actors.AddRange(await ListAsync(new ActorFilter(kind) { Incident = incident }, cancel));
        return actors;
    }

    private async Task<List<StoredActor>> ListAsync(ActorFilter filter, CancellationToken cancel) =>
        await ArchiveRows.ListAsync(journal, filter, cancel).ToListAsync(cancel);

    private async Task RefuseAsync(string incident, IReadOnlyList<StoredActor> actors, CancellationToken cancel)
    {
        var open = await ArchiveObligations.OfAsync(journal, actors, cancel);
        if (open.Count > 0) throw new InvalidOperationException($"{incident} cannot be archived yet: {string.Join("; ", open)}.");
    }

    /// <summary>Without the key of the seals the archive would be no better protected than a row that somebody removed.</summary>
    private async Task RefuseUnlessSignedAsync(ECDsa? key, CancellationToken cancel)
    {
        var (head, _) = await SealChain.HeadAsync(journal, cancel);
        if (key is null && head is not null && (await SealChain.FindAsync(journal, head.Number, cancel))?.Key is { } signer)
            throw new InvalidOperationException($"The seals are signed by the key {SealKey.Fingerprint(signer)}; give it: --seal-key FILE.");
    }

    private async Task CompareAsync(IReadOnlyList<StoredActor> actors, Refold refold, CancellationToken cancel)
    {
        foreach (var actor in actors)
        {
            if (!refold.Actors.TryGetValue(actor.Actor, out var known) || known.Version != actor.Version
                || !States.Write(known.State!).AsSpan().SequenceEqual(actor.Document.Span))
                throw new InvalidDataException($"{actor.Actor} in the file is not as in the journal. Nothing was removed; run the command again.");
        }

        foreach (var (id, line) in refold.Messages)
        {
            if (await journal.MessageAsync(id, cancel) is not { } stored
                || line != new MessageLine(stored.Message, stored.AckedAt, stored.AckedBy, stored.AckNotes))
                throw new InvalidDataException($"The message {id} in the file is not as in the journal. Nothing was removed; run the command again.");
        }
    }

    private static Append Tombstone(StoredActor actor, ArchiveFile read, string file, string chain, ECDsa? key, DateTimeOffset now)
    {
        var rows = read.Of(actor.Actor).Take((int)actor.Version).ToList();
        var archive = new ActorArchived(
            read.Incident.Key, file, chain, "", string.Join(' ', rows.Select(one => one.Cursor)), SealHash.ProvenRows(rows), null, null);
        var document = Changed(actor, archive, now).Document;
        return Changed(actor, ArchiveRows.Sign(archive with { Document = ArchiveRows.Hash(document.Span) }, actor.Actor, key), now);
    }

    private static Append Changed(StoredActor actor, IEvent one, DateTimeOffset now)
    {
        var state = States.Evolve(actor.Actor, States.Read(actor.Actor.Kind, actor.Document.Span), new RecordedEvent(one, now, Handle.System))!;
        return new Append(
            actor.Actor, actor.Version, [new EventRecord(EventTypes.NameOf(one), EventTypes.Write(one))], States.Write(state), States.Index(state));
    }

    private async Task CommitAsync(ImmutableArray<Append> appends, Func<TurnRecord, TurnRecord> with, string incident)
    {
        var turn = with(new TurnRecord { At = default, By = Handle.System, Appends = appends });
        if (await journal.CommitAsync([turn], CancellationToken.None) is not [Committed])
            throw new InvalidOperationException($"{incident} or a halt was changed meanwhile. Nothing was moved; run the command again.");
    }
}
