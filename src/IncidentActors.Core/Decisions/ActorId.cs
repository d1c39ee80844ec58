using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentActors.Core.Decisions;

[JsonConverter(typeof(JsonStringEnumConverter<ActorKind>))]
public enum ActorKind
{
    [JsonStringEnumMemberName("incident")] Incident,
    [JsonStringEnumMemberName("atp")] Atp,
    [JsonStringEnumMemberName("agent")] Agent,
    [JsonStringEnumMemberName("halt")] Halt,
    [JsonStringEnumMemberName("approval")] Approval,
    [JsonStringEnumMemberName("knowledge")] Knowledge,
    [JsonStringEnumMemberName("permit")] Permit,
}

/// <summary>The address of one actor, and the name of its history: <c>atp/AT-EMRG-01</c>.</summary>
[JsonConverter(typeof(ActorIdConverter))]
public readonly record struct ActorId(ActorKind Kind, string Key) : IComparable<ActorId>
{
    public static ActorId Incident(string id) => new(ActorKind.Incident, id);
    public static ActorId Atp(string id) => new(ActorKind.Atp, id);
    public static ActorId Agent(string handle) => new(ActorKind.Agent, handle);
    public static ActorId Halt(string id) => new(ActorKind.Halt, id);
    public static ActorId Approval(string id) => new(ActorKind.Approval, id);
    public static ActorId Knowledge(string id) => new(ActorKind.Knowledge, id);
    public static ActorId Permit(string id) => new(ActorKind.Permit, id);

    public override string ToString() => $"{KindName(Kind)}/{Key}";

    /// <exception cref="FormatException">The text is not <c>kind/key</c> with a known kind.</exception>
    public static ActorId Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        foreach (var kind in Enum.GetValues<ActorKind>())
        {
            if (slash > 0 && slash < text.Length - 1 && text.AsSpan(0, slash).SequenceEqual(KindName(kind)))
                return new ActorId(kind, text[(slash + 1)..]);
        }

        throw new FormatException($"'{text}' is not an actor id; one looks like 'atp/AT-EMRG-01'.");
    }

    public static string KindName(ActorKind kind) => kind switch
    {
        ActorKind.Incident => "incident",
        ActorKind.Atp => "atp",
        ActorKind.Agent => "agent",
        ActorKind.Halt => "halt",
        ActorKind.Approval => "approval",
        ActorKind.Knowledge => "knowledge",
        ActorKind.Permit => "permit",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public int CompareTo(ActorId other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind) : string.CompareOrdinal(Key, other.Key);
}

internal sealed class ActorIdConverter : JsonConverter<ActorId>
{
    public override ActorId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ActorId.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ActorId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
