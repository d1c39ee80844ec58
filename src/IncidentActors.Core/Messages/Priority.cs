using System.Text.Json.Serialization;

namespace IncidentActors.Core.Messages;

/// <summary>How pressing a message or an ATP is. Severity belongs to incidents and is something else (SPEC §1).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Priority>))]
public enum Priority
{
    [JsonStringEnumMemberName("P0-Critical")] P0,
    [JsonStringEnumMemberName("P1-High")] P1,
    [JsonStringEnumMemberName("P2-Normal")] P2,
    [JsonStringEnumMemberName("P3-Low")] P3,
}
