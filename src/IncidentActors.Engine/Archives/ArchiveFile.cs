using System.Security.Cryptography;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Engine.Records;
using IncidentActors.Engine.Seals;

namespace IncidentActors.Engine.Archives;

/// <summary>An archive that was read back: the proof of an incident (<see cref="ProofBundle"/>), with the contents of all its actors' events.</summary>
internal sealed class ArchiveFile
{
    private readonly ILookup<ActorId, ProvenEvent> events;

    private ArchiveFile(ActorId incident, IEnumerable<ProvenEvent> events)
    {
        Incident = incident;
        this.events = events.Where(one => one.Digest is null).ToLookup(one => ActorId.Parse(one.Actor));
    }

    public ActorId Incident { get; }

    /// <summary>The actor's events in the order of their versions.</summary>
    public IEnumerable<ProvenEvent> Of(ActorId actor) => events[actor];

    /// <exception cref="InvalidDataException">It does not verify against the journal's seals; the message says where.</exception>
    public static async Task<ArchiveFile> ReadAsync(ProofBundle bundle, IRecords journal, CancellationToken cancel)
    {
        try
        {
            Seal? before = null;
            foreach (var (seal, found) in bundle.Seals)
            {
                if ((await SealChain.FindAsync(journal, seal.Number, cancel))?.Hash != seal.Hash)
                    throw new InvalidDataException($"Seal {seal.Number} of the archive is not a seal of this journal.");
                if (seal.Hash != seal.Computed() || (before is not null && seal.Previous != before.Hash))
                    throw new InvalidDataException($"Seal {seal.Number} of the archive was changed.");
                if (found is not null) Check(seal, found);
                before = seal;
            }

            var subject = ActorId.Parse(bundle.Subject);
            return bundle.Format == 1 && subject.Kind == ActorKind.Incident
                ? new ArchiveFile(subject, bundle.Seals.SelectMany(part => part.Events ?? []))
                : throw new InvalidDataException($"The file is not an archive of an incident: its subject is {bundle.Subject}.");
        }
        catch (Exception error) when (error is FormatException or JsonException or NullReferenceException)
        {
            throw new InvalidDataException($"The file is not an archive: {error.Message}", error);
        }
    }

    /// <summary>Everything that follows from the actors' events.</summary>
    /// <exception cref="InvalidDataException">Events are missing.</exception>
    public Refold Refold(IEnumerable<ActorId> actors)
    {
        var refold = new Refold();
        foreach (var one in actors.SelectMany(Of).OrderBy(one => ArchiveRows.Place(one.Cursor)).Select(one => one.Stored()))
        {
            var line = new EventLine(
                one.Actor, one.Version, one.Name, one.At, one.By, one.Payload, one.Incident, one.Cause, one.Token, one.Trace);
            if (refold.See(line) is { } broken) throw new InvalidDataException($"In the archive, {broken}.");
        }

        return refold;
    }

    private static void Check(Seal seal, IReadOnlyList<ProvenEvent> found)
    {
        if (found.Count != seal.Count || Convert.ToHexStringLower(SHA256.HashData(SealHash.ProvenRows(found))) != seal.Rows)
            throw new InvalidDataException($"In the archive, events of seal {seal.Number} were changed, removed or inserted.");
        foreach (var one in found)
        {
            if (one.Payload is { } payload && ArchiveRows.Hash(System.Text.Encoding.UTF8.GetBytes(payload)) != one.PayloadHash)
                throw new InvalidDataException($"In the archive, the content of the event {one.Cursor} was changed.");
        }
    }
}
