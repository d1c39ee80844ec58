using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace IncidentActors.Server.Alerts;

/// <summary>
/// The body of a source of alerts. An agent is asked to send less; a source does not retry what was refused, so as much as can be read of its
/// body counts, and what was left out is named (<see cref="LenientBody.Cut"/>). A compressed body is unpacked within the same bounds, and a form is
/// read as its fields.
/// </summary>
internal static class SourceBody
{
    private const int FirstBuffer = 64 * 1024;
    private const string Encodings = "gzip, deflate, br";

    /// <summary>Bytes that are read into memory for each character that may be kept of them.</summary>
    private const int ReadFactor = 2;

    /// <summary>How much of the body is drained, so that the sender reads the answer instead of a broken connection.</summary>
    private const long MaxDrained = 256L * 1024 * 1024;

    /// <returns>The body and the digest of its bytes; or the problem with it.</returns>
    public static async Task<(LenientBody? Body, string Digest, Problem? Problem)> ReadAsync(HttpContext http, int budget, int maxItems)
    {
        var max = budget * ReadFactor;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var (bytes, cut) = await ReadAsync(http.Request.Body, max, MaxDrained, http.RequestAborted);
        if (Unpacked(http.Request.Headers.ContentEncoding.ToString(), bytes) is { } unpacked)
        {
            bool more;
            await using (unpacked) (bytes, more) = await ReadAsync(unpacked, max, 1, http.RequestAborted);
            cut |= more;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        if (bytes.IsEmpty) return (null, digest, Unread("The body is empty; it must be one JSON object: {…}."));
        if (await FormAsync(http.Request, bytes) is { } form) bytes = form;
        var body = LenientJson.Read(bytes, budget, maxItems);
        if (cut) body = body with { Cut = [.. body.Cut, $"everything beyond {max / 1024 / 1024} MiB"] };
        return body.Root is null ? (null, digest, Unread("The body is not JSON, or not one object: {…}.")) : (body, digest, null);

        Problem Unread(string sentence) =>
            Json.Body.Encoded(http.Request, Encodings) ?? Problem.Of(Rejected.Malformed(Rules.ArgumentMalformed, sentence));
    }

    /// <summary>The fields of a form as an object, or the JSON that its only field holds. Null: it is not a form, whatever its sender calls it.</summary>
    private static async Task<byte[]?> FormAsync(HttpRequest request, Memory<byte> bytes)
    {
        if (!request.HasFormContentType || bytes.Span.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..]) return null;
        request.Body = new MemoryStream(bytes.ToArray());
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            if (form.Count == 1 && form.First().Value.ToString() is ['{' or '[', ..] json) return Encoding.UTF8.GetBytes(json);
            var fields = new JsonObject(form.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)JsonValue.Create(field.Value.ToString()))));
            return form.Any(field => field.Value.ToString().Length > 0) ? Encoding.UTF8.GetBytes(fields.ToJsonString()) : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// What unpacks the body; null if it is not packed, or in a way that is not read here. Some senders pack without saying so, and some say so without
    /// packing.
    /// </summary>
    private static Stream? Unpacked(string encoding, Memory<byte> bytes)
    {
        if (bytes.Span is [0x1F, 0x8B, ..]) return new GZipStream(Packed(), CompressionMode.Decompress);
        if (bytes.Span is [(byte)'{' or (byte)'[', ..]) return null;
        return encoding.ToLowerInvariant() switch
        {
            "deflate" => new ZLibStream(Packed(), CompressionMode.Decompress),
            "br" => new BrotliStream(Packed(), CompressionMode.Decompress),
            _ => null,
        };

        MemoryStream Packed() => new(bytes.ToArray());
    }

    /// <returns>At most <paramref name="max"/> bytes, and whether there were more.</returns>
    private static async Task<(Memory<byte> Bytes, bool More)> ReadAsync(Stream stream, int max, long maxDrained, CancellationToken cancel)
    {
        var buffer = new byte[Math.Min(FirstBuffer, max)];
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (filled == max) break;
                Array.Resize(ref buffer, (int)Math.Min(max, buffer.Length * 2L));
            }

            var read = await SomeAsync(stream, buffer.AsMemory(filled), cancel);
            if (read == 0) return (buffer.AsMemory(0, filled), false);
            filled += read;
        }

        var rest = new byte[64 * 1024];
        var more = 0L;
        for (int read; more < maxDrained && (read = await SomeAsync(stream, rest, cancel)) > 0;) more += read;
        return (buffer.AsMemory(0, filled), more > 0);
    }

    /// <summary>Packed data that break off end there.</summary>
    private static async ValueTask<int> SomeAsync(Stream stream, Memory<byte> into, CancellationToken cancel)
    {
        try
        {
            return await stream.ReadAsync(into, cancel);
        }
        catch (Exception error) when (error is InvalidDataException || (error is InvalidOperationException && stream is BrotliStream))
        {
            return 0;
        }
    }
}
