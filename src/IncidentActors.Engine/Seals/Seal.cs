using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentActors.Engine.Seals;

/// <summary>Extends the hash chain over the events of the feed by one batch. Times are in ticks of 100 ns since 1970-01-01 UTC.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="To">Cursor of the last event that is sealed by this seal; the first one follows the previous seal's.</param>
/// <param name="Late">True: some event was sealed more than <see cref="Sealer.LateAfter"/> after its turn, as when the journal is older than its seals.
/// The events are sealed as they were found.</param>
/// <param name="Rows">SHA-256 (hex) over the digests of the events (<see cref="SealHash.Rows"/>), in the order of the feed.</param>
/// <param name="Previous">The previous seal's hash; empty in the first.</param>
/// <param name="Hash">SHA-256 (hex) over all fields above and <see cref="Key"/>.</param>
/// <param name="Key">The public key (P-256, SubjectPublicKeyInfo, base64) that verifies <see cref="Signature"/>, or null: not signed.</param>
/// <param name="Signature">ECDSA with SHA-256 over the bytes of <see cref="Hash"/>: r and s, base64.</param>
/// <param name="Marks">The first <see cref="SealHash.MarkBytes"/> bytes of each event's digest, so that a changed event can be named.</param>
public sealed record Seal(
    long Number, string To, int Count, long At, bool Late, string Rows, string Previous, string Hash, string? Key, string? Signature,
    byte[]? Marks)
{
    public string Computed()
    {
        Span<byte> digest = stackalloc byte[SealHash.DigestBytes];
        using var fields = new SealHash.Fields();
        fields.Add(Number).Add(To).Add(Count).Add(At).Add(Late ? 1 : 0).Add(Rows).Add(Previous).Add(Key).Hash(digest);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>Whether the seal is unsigned, or its signature of this hash was made by <see cref="Key"/>.</summary>
    public bool SignatureHolds()
    {
        try
        {
            return SealKey.Verifies(Key, Convert.FromHexString(Hash), Signature);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>The end of the chain. Extending it replaces this record in the same write: two sealers cannot both do so.</summary>
/// <param name="Node">The node that wrote the last seal.</param>
public sealed record SealHead(long Number, string To, string Hash, long At, string Node);

/// <summary>JSON serialization of seals, of the end of the chain, and of proofs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Seal))]
[JsonSerializable(typeof(SealHead))]
[JsonSerializable(typeof(ProofBundle))]
public sealed partial class SealJson : JsonSerializerContext;
