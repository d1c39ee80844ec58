using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Seals;

/// <summary>
/// What a third party needs to verify a part of the history: all seals from the first event of the subject, or of those whom a halt may have
/// covered, to the end of the chain, and of the seals up to the subject's last event every row.
/// tests/IncidentActors.Server.Tests/Seals/verify_proof.py is a program that does it.
/// </summary>
/// <param name="Format">1.</param>
/// <param name="Subject"><c>halt/HLT-…</c> or <c>incident/INC-…</c>.</param>
public sealed record ProofBundle(int Format, string Subject, IReadOnlyList<ProvenSeal> Seals);

/// <param name="Seal">Without its marks.</param>
/// <param name="Events">All events of the seal in their order; null: the seal lies behind the subject's last event.</param>
public sealed record ProvenSeal(Seal Seal, IReadOnlyList<ProvenEvent>? Events);

/// <summary>An event as it was hashed (<see cref="SealHash.Rows"/>).</summary>
/// <param name="Payload">The exact text, or null: withheld, because the event does not belong to the subject and says
/// nothing of whom a halt covered.</param>
/// <param name="Digest">Given: the event is in the archive of another incident; only its cursor and this digest (hex) are known.</param>
/// <param name="PayloadHash">SHA-256 (hex) of the payload.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ProvenEvent(
    string Cursor, string Actor, long Version, string Name, long At, string By, string PayloadHash, string? Payload, string? Incident, string? Cause,
    string? Token, string? Trace, string? Digest = null)
{
    internal static ProvenEvent Of(StoredEvent one, bool open) => new(
        one.Cursor, one.Actor.ToString(), one.Version, one.Name, SealHash.Ticks(one.At), one.By, SealHash.Payload(one.Payload),
        open ? System.Text.Encoding.UTF8.GetString(one.Payload.Span) : null, one.Incident, one.Cause, one.Token, one.Trace);

    internal static ProvenEvent Of(ArchivedRow row) =>
        new(row.Cursor, "", 0, "", 0, "", "", null, null, null, null, null, Convert.ToHexStringLower(row.Digest.Span));

    /// <summary>The event as it was in the journal.</summary>
    /// <exception cref="InvalidDataException">Its content is not in the bundle.</exception>
    internal StoredEvent Stored() => new(
        Cursor, FeedCursor.Parse(Cursor).Position, ActorId.Parse(Actor), Version, Name, DateTimeOffset.UnixEpoch.AddTicks(At), By,
        System.Text.Encoding.UTF8.GetBytes(Payload ?? throw new InvalidDataException($"the content of the event {Cursor} is not in the archive")),
        Incident, Cause, Token, Trace);
}
