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
        await foreach (var line in lines.WithCancellation(cancel))
        {
            await JsonSerializer.SerializeAsync(to, line, Options, cancel);
            await to.WriteAsync("\n"u8.ToArray(), cancel);
        }
    }

    /// <exception cref="InvalidOperationException">A line is no line of a journal; its number is told.</exception>
    public static async IAsyncEnumerable<JournalLine> ReadAsync(Stream from, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(from, new UTF8Encoding(false, throwOnInvalidBytes: true), leaveOpen: true);
        for (var number = 1L; await reader.ReadLineAsync(cancel) is { } text; number++)
        {
            if (text.Length > 0) yield return Parse(text, number);
        }
    }

    private static JournalLine Parse(string text, long number)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text, Options) ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or FormatException)
        {
            throw new InvalidOperationException($"Line {number} is no line of a journal: {error.Message}", error);
        }
    }

    /// <summary>Stands in the line as it is; as <c>{"$text":"…"}</c> where it would break the line.</summary>
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
