using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Texts;

namespace IncidentActors.Server.Json;

/// <summary>Reads one kind of text in an argument; what it cannot read is refused by a sentence that says what would be right.</summary>
public abstract class TextConverter<T> : JsonConverter<T>
{
    /// <summary>What is accepted, for the refusal: <c>a handle such as '@dev'</c>.</summary>
    protected abstract string Expected { get; }

    protected abstract bool TryRead(string text, out T value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException($"must be {Expected}");
        var text = reader.GetString()!;
        return TryRead(text, out var value) ? value : throw new JsonException($"must be {Expected}, not '{Quoted(text)}'");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString());

    private static string Quoted(string text) => Shortened.To(text, 60);
}

/// <summary>A time; without a zone it is UTC, regardless of the server's zone.</summary>
public sealed class TimeText : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time)) throw new JsonException();
        return reader.TryGetDateTime(out var plain) && plain.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(plain, TimeSpan.Zero) : time;
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>An agent's handle, normalised: <c>DEV</c> is read as <c>@dev</c>.</summary>
public sealed class HandleText : TextConverter<string>
{
    protected override string Expected => "a handle such as '@dev'";

    protected override bool TryRead(string text, out string value)
    {
        value = Handle.Normalize(text);
        return Handle.IsWellFormed(value);
    }
}

/// <summary>The id of an incident, ATP, halt, approval or message: <c>AT-EMRG-01</c>.</summary>
public sealed class IdText : TextConverter<string>
{
    protected override string Expected => $"an id such as 'AT-EMRG-01': letters, digits, '-', '_' and '.', at most {IdShape.MaxLength} characters";

    protected override bool TryRead(string text, out string value)
    {
        value = text.Trim();
        return IsWellFormed(value);
    }

    public static bool IsWellFormed(string id) => IdShape.IsWellFormed(id);
}

/// <summary>Any of the seeds' scales: <c>SEV-1</c>, <c>P0</c>, <c>critical</c>.</summary>
public sealed class SeverityText : TextConverter<Severity>
{
    protected override string Expected => Severities.Accepted;

    protected override bool TryRead(string text, out Severity value) => Severities.TryParse(text, out value) || AgreesIn(text, out value);

    /// <summary>Several known words for one severity: <c>Sev-1 (critical)</c>.</summary>
    private static bool AgreesIn(string text, out Severity value)
    {
        value = default;
        foreach (var word in text.Split([' ', '(', ')', '/', ',', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Severities.TryParse(word, out var named) || (value != default && value != named)) return false;
            value = named;
        }

        return value != default;
    }
}

public sealed class CategoryText : TextConverter<IncidentCategory>
{
    protected override string Expected => IncidentCategories.Accepted;

    protected override bool TryRead(string text, out IncidentCategory value)
    {
        value = default;
        return !string.IsNullOrWhiteSpace(text) && IncidentCategories.TryParse(text, out value);
    }
}

/// <summary><c>P0-Critical</c>, <c>P0</c>, <c>critical</c> and what other teams call it.</summary>
public sealed class PriorityText : TextConverter<Priority>
{
    protected override string Expected => "P0-Critical, P1-High, P2-Normal or P3-Low (or P0 to P4, or a word such as high)";

    protected override bool TryRead(string text, out Priority value) => Priorities.TryParse(text, out value);
}

public sealed class MessageTypeText : TextConverter<MessageType>
{
    protected override string Expected => string.Join(", ", Enum.GetNames<MessageType>());

    protected override bool TryRead(string text, out MessageType value) => MessageTypes.TryParse(text, out value);
}

/// <summary>A halt's scope (<see cref="HaltScope.Forms"/>), in its canonical form.</summary>
public sealed class ScopeText : TextConverter<string>
{
    protected override string Expected => HaltScope.Forms;

    /// <summary>A halt of what can have no such name would be answered, and would stop nothing.</summary>
    protected override bool TryRead(string text, out string value)
    {
        var read = HaltScope.TryParse(text, out var scope);
        value = scope.ToString();
        return read && value.Length <= 200 && scope.Parts.All(part => part.Kind != HaltScopeKind.Atp || IdText.IsWellFormed(part.Value));
    }
}

public sealed class HaltModeText : TextConverter<HaltMode>
{
    protected override string Expected => HaltModes.Accepted;

    protected override bool TryRead(string text, out HaltMode value) => HaltModes.TryParse(text, out value);
}

/// <summary>Whether covered agents acknowledge what changed before they go on: <c>required</c>, or <c>offered</c>.</summary>
public sealed class BriefingText : TextConverter<bool>
{
    protected override string Expected => "'required' or 'offered'";

    protected override bool TryRead(string text, out bool value)
    {
        var word = text.Trim().ToLowerInvariant();
        value = word == "required";
        return word is "required" or "offered";
    }

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value ? "required" : "offered");
}
