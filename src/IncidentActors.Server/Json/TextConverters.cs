using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

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

/// <summary>A time; one that names no zone is UTC, wherever the server stands.</summary>
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
    private const int Longest = 120;

    protected override string Expected => $"an id such as 'AT-EMRG-01': letters, digits, '-', '_' and '.', at most {Longest} characters";

    protected override bool TryRead(string text, out string value)
    {
        value = text.Trim();
        return IsWellFormed(value);
    }

    public static bool IsWellFormed(string id) =>
        id.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(id[0]) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

/// <summary>Any of the seeds' scales: <c>SEV-1</c>, <c>P0</c>, <c>critical</c>.</summary>
public sealed class SeverityText : TextConverter<Severity>
{
    protected override string Expected => Severities.Accepted;

    protected override bool TryRead(string text, out Severity value) => Severities.TryParse(text, out value);
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

/// <summary><c>P0-Critical</c> and <c>P0</c> alike.</summary>
public sealed class PriorityText : TextConverter<Priority>
{
    protected override string Expected => "P0-Critical, P1-High, P2-Normal or P3-Low (or P0 to P3)";

    protected override bool TryRead(string text, out Priority value)
    {
        Priority? found = text.Trim().ToLowerInvariant() switch
        {
            "p0" or "p0-critical" => Priority.P0,
            "p1" or "p1-high" => Priority.P1,
            "p2" or "p2-normal" => Priority.P2,
            "p3" or "p3-low" => Priority.P3,
            _ => null,
        };
        value = found.GetValueOrDefault();
        return found is not null;
    }
}

public sealed class MessageTypeText : TextConverter<MessageType>
{
    protected override string Expected => string.Join(", ", Enum.GetNames<MessageType>());

    protected override bool TryRead(string text, out MessageType value) =>
        Enum.TryParse(text.Trim(), ignoreCase: true, out value) && Enum.IsDefined(value) && text.All(char.IsAsciiLetter);
}

/// <summary><c>all</c>, <c>team:x</c>, <c>agent:@dev</c> or <c>atp:AT-…</c>.</summary>
public sealed class ScopeText : TextConverter<string>
{
    public const string Forms = "'all', 'team:x', 'agent:@dev' or 'atp:AT-…'";

    protected override string Expected => Forms;

    protected override bool TryRead(string text, out string value)
    {
        var kind = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? colon : text.Length;
        var read = HaltScope.TryParse(text[..kind].ToLowerInvariant() + text[kind..], out var scope);
        scope = scope with { Value = scope.Value.Trim() };
        value = scope.ToString();
        return read && value.Length <= 200 && CanNameSomething(scope);
    }

    /// <summary>A halt of what can have no such name would be answered, and would stop nothing.</summary>
    private static bool CanNameSomething(HaltScope scope) => scope.Kind switch
    {
        HaltScopeKind.Atp => IdText.IsWellFormed(scope.Value),
        HaltScopeKind.Team => scope.Value.Length > 0 && !scope.Value.Any(char.IsControl),
        _ => true,
    };
}

public sealed class HaltModeText : TextConverter<HaltMode>
{
    protected override string Expected => "'enforce', 'warn' or 'shadow'";

    protected override bool TryRead(string text, out HaltMode value) =>
        Enum.TryParse(text.Trim(), ignoreCase: true, out value) && Enum.IsDefined(value) && text.All(char.IsAsciiLetter);
}
