using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Json;

/// <summary>Reads a request's body as JSON, whole and within limits. Nothing reaches a decider that could not be stored and shown again.</summary>
internal static class Body
{
    public const int DefaultLimit = 1024 * 1024;
    public const int WebhookLimit = 8 * 1024 * 1024;

    private const string Plain = "identity";

    private static readonly JsonElement Empty = JsonSerializer.SerializeToElement(
        new Dictionary<string, string>(), ServerJson.Info<Dictionary<string, string>>());

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = ServerJson.MaxDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>The body (an empty object if missing), or the problem with it.</summary>
    /// <param name="lists">A list is read too.</param>
    /// <param name="stored">False: nothing of it is stored, so its texts may hold what cannot be, such as NUL.</param>
    public static async Task<(JsonElement Json, Problem? Problem)> ReadAsync(
        HttpRequest request, int limit, CancellationToken cancel, bool lists = false, bool stored = true)
    {
        if (Encoded(request) is { } encoded) return (default, encoded);
        if (request.ContentLength > limit) return (default, TooLarge(limit));
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(request.ContentLength ?? 4096, 4096, limit));
        var length = 0;
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancel)) > 0)
            {
                length += read;
                if (length > limit) return (default, TooLarge(limit));
                if (length == buffer.Length) buffer = Grown(buffer, limit);
            }

            return Parse(buffer.AsMemory(0, length), lists, stored);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Refuses a compressed body, because its unpacked size is not known in advance.</summary>
    /// <param name="accepted">Encodings that the reader of the body unpacks.</param>
    public static Problem? Encoded(HttpRequest request, string accepted = Plain)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals(Plain, StringComparison.OrdinalIgnoreCase)) return null;
        request.HttpContext.Response.Headers.AcceptEncoding = accepted;
        return Problem.Named(
            "request.encoding", "Unsupported encoding", StatusCodes.Status415UnsupportedMediaType,
            accepted == Plain
                ? "Compressed bodies are not accepted: send the body uncompressed and without Content-Encoding."
                : $"The body cannot be unpacked: send it uncompressed, or packed with one of {accepted}.");
    }

    private static (JsonElement Json, Problem? Problem) Parse(ReadOnlyMemory<byte> body, bool lists, bool stored)
    {
        if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        if (body.IsEmpty) return (Empty, null);
        if (!Utf8.IsValid(body.Span)) return (default, Malformed("The body is not UTF-8."));
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object && !(lists && document.RootElement.ValueKind == JsonValueKind.Array))
                return (default, Malformed("The body must be one JSON object: {…}."));
            return stored && Unstorable(body.Span) is { } problem ? (default, problem) : (document.RootElement.Clone(), null);
        }
        catch (JsonException error)
        {
            return (
                default,
                Malformed(
                    $"The body is not the JSON that is read here (UTF-8, names once, at most {ServerJson.MaxDepth} levels): {error.Message}"));
        }
    }

    /// <summary>Half a surrogate pair and NUL can be written in JSON, but are no text.</summary>
    private static Problem? Unstorable(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ServerJson.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            try
            {
                if (reader.GetString()!.Contains('\0')) return Malformed($"The text at byte {reader.TokenStartIndex} holds a NUL character.");
            }
            catch (InvalidOperationException)
            {
                return Malformed($"The text at byte {reader.TokenStartIndex} holds half a surrogate pair.");
            }
        }

        return null;
    }

    private static byte[] Grown(byte[] buffer, int limit)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, limit + 1));
        buffer.CopyTo(grown, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }

    private static Problem TooLarge(int limit) => Problem.TooLarge($"The body is larger than {limit / 1024} KiB; send less at once.");

    private static Problem Malformed(string sentence) => Problem.Of(Rejected.Malformed(Rules.ArgumentMalformed, sentence));
}
