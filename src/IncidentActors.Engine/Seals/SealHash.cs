using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Seals;

/// <summary>
/// The canonical encoding. A record is hashed as its fields one after the other, each as the number of its UTF-8 bytes (four bytes, big
/// endian) and the bytes; a field that is null has the length 0xFFFFFFFF. Numbers are decimal text.
/// </summary>
public static class SealHash
{
    public const int MarkBytes = 8;
    public const int DigestBytes = SHA256.HashSizeInBytes;

    /// <summary>The events' digests, one after the other. A digest is of every column; the payload is in it as a SHA-256 (hex), so that
    /// a proof may withhold it.</summary>
    public static byte[] Rows(IReadOnlyList<StoredEvent> events)
    {
        var digests = new byte[events.Count * DigestBytes];
        using var fields = new Fields();
        for (var i = 0; i < events.Count; i++) Row(events[i], fields, digests.AsSpan(i * DigestBytes, DigestBytes));
        return digests;
    }

    /// <summary>The beginnings of digests.</summary>
    public static byte[] Marks(ReadOnlySpan<byte> digests)
    {
        var marks = new byte[digests.Length / DigestBytes * MarkBytes];
        for (var i = 0; i < marks.Length / MarkBytes; i++) digests.Slice(i * DigestBytes, MarkBytes).CopyTo(marks.AsSpan(i * MarkBytes));
        return marks;
    }

    public static string Payload(ReadOnlyMemory<byte> payload) => Convert.ToHexStringLower(SHA256.HashData(payload.Span));

    public static long Ticks(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    /// <summary>The same of events as a proof holds them.</summary>
    /// <exception cref="FormatException">A digest is not hexadecimal.</exception>
    public static byte[] ProvenRows(IReadOnlyList<ProvenEvent> events)
    {
        var digests = new byte[events.Count * DigestBytes];
        using var fields = new Fields();
        for (var i = 0; i < events.Count; i++)
        {
            var one = events[i];
            var digest = digests.AsSpan(i * DigestBytes, DigestBytes);
            if (one.Digest is { } known)
            {
                Convert.FromHexString(known).CopyTo(digest);
                continue;
            }

            fields.Add(one.Cursor).Add(one.Actor).Add(one.Version).Add(one.Name).Add(one.At).Add(one.By).Add(one.PayloadHash).Add(one.Incident)
                .Add(one.Cause).Add(one.Token).Add(one.Trace).Hash(digest);
        }

        return digests;
    }

    private static void Row(StoredEvent one, Fields fields, Span<byte> digest)
    {
        Span<byte> payload = stackalloc byte[DigestBytes];
        SHA256.HashData(one.Payload.Span, payload);
        fields.Add(one.Cursor).Add(one.Actor.ToString()).Add(one.Version).Add(one.Name).Add(Ticks(one.At)).Add(one.By).AddHex(payload).Add(one.Incident)
            .Add(one.Cause).Add(one.Token).Add(one.Trace).Hash(digest);
    }

    /// <summary>The fields of one record.</summary>
    internal sealed class Fields : IDisposable
    {
        private byte[] bytes = ArrayPool<byte>.Shared.Rent(1024);
        private int end;

        public Fields Add(string? field)
        {
            if (field is null) return Length(-1);
            var most = Encoding.UTF8.GetMaxByteCount(field.Length);
            Reserve(most + sizeof(int));
            var written = Encoding.UTF8.GetBytes(field, bytes.AsSpan(end + sizeof(int)));
            Length(written);
            end += written;
            return this;
        }

        public Fields Add(long number)
        {
            Reserve(32);
            number.TryFormat(bytes.AsSpan(end + sizeof(int)), out var written, provider: System.Globalization.CultureInfo.InvariantCulture);
            Length(written);
            end += written;
            return this;
        }

        public Fields AddHex(ReadOnlySpan<byte> digest)
        {
            Length(2 * digest.Length);
            Reserve(2 * digest.Length);
            Convert.TryToHexStringLower(digest, bytes.AsSpan(end), out var written);
            end += written;
            return this;
        }

        /// <summary>The digest of the record; the next field begins another one.</summary>
        public void Hash(Span<byte> digest)
        {
            SHA256.HashData(bytes.AsSpan(0, end), digest);
            end = 0;
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);

        private Fields Length(int length)
        {
            Reserve(sizeof(int));
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(end), length);
            end += sizeof(int);
            return this;
        }

        private void Reserve(int more)
        {
            if (end + more <= bytes.Length) return;
            var larger = ArrayPool<byte>.Shared.Rent(2 * (end + more));
            bytes.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }
    }
}
