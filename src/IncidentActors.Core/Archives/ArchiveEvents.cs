using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Archives;

/// <summary>
/// The actor's earlier events were moved to a file (docs/decisions/0024). The event represents them: with it the chain of seals is still verified.
/// The actor refuses commands until it is restored.
/// </summary>
/// <param name="File">Name of the archive, without its folder.</param>
/// <param name="Chain">Hash of the journal's first seal: to which journal the cursors belong.</param>
/// <param name="Document">SHA-256 (hex) of the actor's document, which stays in the journal.</param>
/// <param name="Cursors">The cursors of the events, in order, separated by spaces.</param>
/// <param name="Digests">Their digests, 32 bytes each.</param>
/// <param name="Key">The public key that verifies <paramref name="Signature"/>, as seals name it; null: not signed.</param>
[EventName("actor.archived.v1")]
public sealed record ActorArchived(
    string Incident, string File, string Chain, string Document, string Cursors, byte[] Digests, string? Key, string? Signature) : IEvent;

/// <summary>The actor's earlier events were put back from the file.</summary>
[EventName("actor.restored.v1")]
public sealed record ActorRestored(string File) : IEvent;
