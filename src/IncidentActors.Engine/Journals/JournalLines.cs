using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentActors.Engine.Journals;

/// <summary>A journal as text: one JSON object per line, stored JSON within it byte for byte.</summary>
public static class JournalLines
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new StoredJson() },
    };

    public static async Task WriteAsync(IAsyncEnumerable<JournalLine> lines, Stream to, CancellationToken cancel)
    {
        var written = 0L;
        await foreach (var line in lines.WithCancellation(cancel))
        {
            await WriteAsync(line, to, cancel);
            written++;
        }

        await WriteAsync(new EndLine(written), to, cancel);
    }

    /// <exception cref="InvalidOperationException">
    /// A line is not a journal line (the message has its number), or lines are missing. The latter is found only at the end: keep nothing before it.
    /// </exception>
    public static async IAsyncEnumerable<JournalLine> ReadAsync(Stream from, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(from, new UTF8Encoding(false, throwOnInvalidBytes: true), leaveOpen: true);
        var (read, end) = (0L, (EndLine?)null);
        for (var number = 1L; await LineAsync(reader, number, cancel) is { } text; number++)
        {
            if (text.Length == 0) continue;
            var line = Parse(text, number);
            if (end is not null) throw new InvalidOperationException($"Line {number} comes after the line that ends the export. Export or copy it again.");
            if ((end = line as EndLine) is not null) continue;
            read++;
            yield return line;
        }

        if (end is null) throw new InvalidOperationException($"The export was cut off after {read} lines: its last line is missing. Export or copy it again.");
        if (end.Lines != read)
        {
            throw new InvalidOperationException(
                $"The export has {read} lines, but its last line says {end.Lines}: lines are missing or were added. Export or copy it again.");
        }
    }

    private static async Task<string?> LineAsync(StreamReader reader, long number, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadLineAsync(cancel);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidOperationException($"Line {number} or the text after it is not UTF-8; copy the export again as binary. {error.Message}", error);
        }
    }

    private static async Task WriteAsync(JournalLine line, Stream to, CancellationToken cancel)
    {
        await JsonSerializer.SerializeAsync(to, line, Options, cancel);
        await to.WriteAsync("\n"u8.ToArray(), cancel);
    }

    private static JournalLine Parse(string text, long number)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text, Options) ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or FormatException)
        {
            throw new InvalidOperationException($"Line {number} is not a line of a journal's export: {error.Message}", error);
        }
    }

    /// <summary>Written unchanged, or as <c>{"$text":"…"}</c> where it would break the line.</summary>
    private sealed class StoredJson : JsonConverter<ReadOnlyMemory<byte>>
    {
        private static ReadOnlySpan<byte> Wrapper => "{\"$text\":"u8;

        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var value = JsonDocument.ParseValue(ref reader);
            var raw = value.RootElement.GetRawText();
            return Encoding.UTF8.GetBytes(
                raw.StartsWith("{\"$text\":", StringComparison.Ordinal) ? value.RootElement.GetProperty("$text").GetString()! : raw);
        }

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options)
        {
            if (value.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0 && !value.Span.StartsWith(Wrapper))
            {
                writer.WriteRawValue(value.Span, skipInputValidation: true);
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("$text"u8, value.Span);
            writer.WriteEndObject();
        }
    }
}
