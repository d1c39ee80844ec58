using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Alerts;

/// <summary>What could be read of a body.</summary>
/// <param name="Root">The object; null if nothing of one could be read.</param>
/// <param name="Cut">What was left out, in sentences without a full stop.</param>
internal sealed record LenientBody(JsonObject? Root, IReadOnlyList<string> Cut)
{
    /// <summary>The mark of a body that ends before it should.</summary>
    public const string BrokenOff = "the text after the place where it is not JSON";
}

/// <summary>
/// Reads JSON of senders that do not repeat a refused notification, as far as it can be read. NUL, control characters and half surrogates are replaced.
/// Numbers that JSON does not have are left out. Bytes that are not UTF-8 are read as Latin-1. JSON within a text is read, and a list is read as the
/// alerts of a notification. Of names that occur twice the last one counts. Texts, depth and amount are bounded; what exceeds a bound is left out and named.
/// </summary>
/// <param name="budget">Characters that are kept. Beyond it lists do not grow and only short values of the outer two levels are kept.</param>
/// <param name="maxItems">Items of one list.</param>
internal sealed class LenientJson(int budget, int maxItems)
{
    private const int MaxText = 64 * 1024;
    private const int MaxDepth = 24;
    private const int MaxProperties = 2000;
    private const int OuterLevels = 2;
    private const int ShortText = 2048;

    /// <summary>What a value costs besides its characters.</summary>
    private const int NodeCost = 16;

    private static readonly JsonReaderOptions Reading = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 100_000,
    };

    private readonly Stack<(JsonNode Node, string? Name)> open = new();
    private readonly Dictionary<string, int> cut = [];
    private JsonNode? root;
    private string? name;
    private long kept;

    /// <param name="bytes">Changed in place.</param>
    public static LenientBody Read(Memory<byte> bytes, int budget, int maxItems) => new LenientJson(budget, maxItems).Read(bytes);

    private LenientBody Read(Memory<byte> bytes)
    {
        var json = Decoded(bytes);
        Mend(json.Span);
        var reader = new Utf8JsonReader(json.Span, Reading);
        try
        {
            while (reader.Read()) Take(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            if (open.Count > 0 || root is not null) Count(LenientBody.BrokenOff);
            Close();
        }

        if (root is JsonValue text && text.TryGetValue<string>(out var inner) && inner.TrimStart() is ['{' or '[', ..])
            return new LenientJson(budget, maxItems).Read(Encoding.UTF8.GetBytes(inner));
        if (root is JsonArray list) root = new JsonObject { ["alerts"] = list };
        return new LenientBody(root as JsonObject, [.. cut.Select(one => one.Value > 1 ? $"{one.Value} × {one.Key}" : one.Key)]);
    }

    /// <summary>
    /// Ends what is open. Of a list's item that breaks off only an alert whose labels and status are known is kept: half of one could say something
    /// else than the whole.
    /// </summary>
    private void Close()
    {
        var complete = open.Select(one => one.Node).OfType<JsonObject>().Where(node => node["labels"] is JsonObject).ToHashSet<JsonNode>(
            ReferenceEqualityComparer.Instance);
        var status = open.Any(one => one.Node is JsonObject node && node["status"] is not null);
        while (open.TryPop(out var broken))
        {
            if (!open.TryPeek(out var parent)) root = broken.Node;
            else if (parent.Node is JsonObject into) into[broken.Name!] = broken.Node;
            else if (status && complete.Contains(broken.Node)) ((JsonArray)parent.Node).Add(broken.Node);
        }
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                name = reader.GetString()!;
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (HasRoom(container: true)) open.Push((reader.TokenType == JsonTokenType.StartObject ? new JsonObject() : new JsonArray(), name));
                else reader.Skip();
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                var (done, called) = open.Pop();
                name = called;
                Add(done);
                break;
            case JsonTokenType.String:
                var whole = reader.GetString()!;
                var text = Shortened.To(whole, MaxText);
                if (text.Length != whole.Length) Count($"the end of a text of more than {MaxText} characters");
                if (HasRoom(container: false, text.Length)) Add(JsonValue.Create(text));
                break;
            case JsonTokenType.Number:
                if (HasRoom(container: false, reader.ValueSpan.Length)) Add(JsonNode.Parse(reader.ValueSpan));
                break;
            default:
                if (HasRoom(container: false)) Add(reader.TokenType == JsonTokenType.Null ? null : JsonValue.Create(reader.TokenType == JsonTokenType.True));
                break;
        }
    }

    private bool HasRoom(bool container, int length = 0)
    {
        var outer = container ? open.Count < OuterLevels : open.Count <= OuterLevels && length <= ShortText;
        var fits = open.Count < MaxDepth && (outer || kept + length <= budget);
        if (!open.TryPeek(out var parent)) return fits;
        fits &= parent.Node is JsonArray list ? list.Count < maxItems : ((JsonObject)parent.Node).Count < MaxProperties;
        if (fits) kept += length + NodeCost;
        else Count(parent.Node is JsonArray ? $"an item of '{parent.Name}'" : $"'{Shortened.To(name ?? "", 40)}'");
        return fits;
    }

    private void Count(string what)
    {
        if (cut.Count < 20 || cut.ContainsKey(what)) cut[what] = cut.GetValueOrDefault(what) + 1;
    }

    private void Add(JsonNode? value)
    {
        if (!open.TryPeek(out var parent)) root = value;
        else if (parent.Node is JsonArray list) list.Add(value);
        else ((JsonObject)parent.Node)[name!] = value;
    }

    private static Memory<byte> Decoded(Memory<byte> bytes)
    {
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes.Span[2..]));
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes.Span[2..]));
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        // UTF-16 without a mark: JSON begins with a character of ASCII.
        if (bytes.Span is [not 0, 0, ..]) return Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes.Span));
        if (bytes.Span is [0, not 0, ..]) return Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes.Span));
        if (Utf8.IsValid(bytes.Span)) return bytes;
        var whole = new ArrayBufferWriter<byte>(bytes.Length + (bytes.Length / 4));
        for (var rest = (ReadOnlySpan<byte>)bytes.Span; !rest.IsEmpty;)
        {
            var valid = Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done;
            if (!valid) (rune, length) = (rest[0] is >= 0x80 and < 0xA0 ? Rune.ReplacementChar : new Rune(rest[0]), 1);
            whole.Advance(rune.EncodeToUtf8(whole.GetSpan(4)));
            rest = rest[length..];
        }

        return whole.WrittenMemory.ToArray();
    }

    /// <summary>Replaces, in place, what a JSON reader accepts but no store does (NUL, half surrogates), and what would stop the reader.</summary>
    private static void Mend(Span<byte> text)
    {
        var inside = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x20) text[i] = (byte)' ';
            if (text[i] == '"') inside = !inside;
            else if (!inside && text[i] is (byte)'N' or (byte)'I' or (byte)'-') i += LeaveOut(text[i..]);
            if (text[i] != '\\' || i + 1 >= text.Length) continue;
            if (text[i + 1] != 'u')
            {
                if ("\"\\/bfnrt"u8.IndexOf(text[i + 1]) < 0) text[i] = (byte)' ';
                else i++;
                continue;
            }

            if (Unit(text, i) is not { } unit) text[i] = (byte)' ';
            else if (char.IsHighSurrogate(unit) && Unit(text, i + 6) is { } low && char.IsLowSurrogate(low)) i += 11;
            else
            {
                if (unit == 0 || char.IsSurrogate(unit)) "\\ufffd"u8.CopyTo(text[i..]);
                i += 5;
            }
        }
    }

    /// <summary>What programs write for numbers that JSON does not have becomes a value that says nothing.</summary>
    /// <returns>Bytes beyond the first that are done.</returns>
    private static int LeaveOut(Span<byte> text)
    {
        var length = text.StartsWith("NaN"u8) ? 3 : text.StartsWith("Infinity"u8) ? 8 : text.StartsWith("-Infinity"u8) ? 9 : 0;
        if (length == 0) return 0;
        text[..length].Fill((byte)' ');
        (length == 3 ? "\"\""u8 : "null"u8).CopyTo(text);
        return length - 1;
    }

    /// <summary>The UTF-16 unit that <c>\u…</c> at the index writes; null if none is written there.</summary>
    private static char? Unit(ReadOnlySpan<byte> text, int at) =>
        at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
            && ushort.TryParse(text.Slice(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
            ? (char)unit
            : null;
}
