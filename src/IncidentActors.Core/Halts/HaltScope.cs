using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

public enum HaltScopeKind
{
    All,
    Team,
    Agent,
    Atp,
}

/// <summary>What a halt covers (SPEC §4.1), written <c>all</c>, <c>team:x</c>, <c>agent:@dev</c> or <c>atp:AT-…</c>.</summary>
[JsonConverter(typeof(HaltScopeConverter))]
public readonly record struct HaltScope(HaltScopeKind Kind, string Value = "")
{
    public static readonly HaltScope All = new(HaltScopeKind.All);

    public override string ToString() => Kind switch
    {
        HaltScopeKind.All => "all",
        HaltScopeKind.Team => $"team:{Value}",
        HaltScopeKind.Agent => $"agent:{Value}",
        _ => $"atp:{Value}",
    };

    /// <summary>True: the scope names this subject, exemptions aside.</summary>
    public bool Contains(Subject subject) => Kind switch
    {
        HaltScopeKind.All => true,
        HaltScopeKind.Team => subject.Team == Value,
        HaltScopeKind.Agent => subject.Agent == Value,
        _ => subject.Atp == Value,
    };

    public static bool TryParse(string? text, out HaltScope scope)
    {
        scope = All;
        text = text?.Trim() ?? "";
        if (text == "all") return true;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon == text.Length - 1) return false;
        var value = text[(colon + 1)..];
        switch (text[..colon])
        {
            case "team":
                scope = new HaltScope(HaltScopeKind.Team, value);
                return true;
            case "agent":
                scope = new HaltScope(HaltScopeKind.Agent, Agents.Handle.Normalize(value));
                return Agents.Handle.IsWellFormed(scope.Value);
            case "atp":
                scope = new HaltScope(HaltScopeKind.Atp, value);
                return true;
            default:
                return false;
        }
    }
}

/// <summary>Writes a scope as its text.</summary>
public sealed class HaltScopeConverter : JsonConverter<HaltScope>
{
    public override HaltScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        HaltScope.TryParse(reader.GetString(), out var scope) ? scope : throw new JsonException("not a halt scope");

    public override void Write(Utf8JsonWriter writer, HaltScope value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
