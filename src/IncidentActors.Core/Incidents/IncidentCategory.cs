using System.Text.Json.Serialization;

namespace IncidentActors.Core.Incidents;

[JsonConverter(typeof(JsonStringEnumConverter<IncidentCategory>))]
public enum IncidentCategory
{
    [JsonStringEnumMemberName("availability")] Availability,
    [JsonStringEnumMemberName("security")] Security,
    [JsonStringEnumMemberName("data")] Data,
    [JsonStringEnumMemberName("financial")] Financial,
    [JsonStringEnumMemberName("reputation")] Reputation,
    [JsonStringEnumMemberName("compliance")] Compliance,
}

public static class IncidentCategories
{
    public const string Accepted = "availability, security, data, financial, reputation or compliance";

    /// <summary>Every category by its name.</summary>
    public static readonly (string Text, IncidentCategory Value)[] Words =
        [.. Enum.GetValues<IncidentCategory>().Select(category => (category.ToString().ToLowerInvariant(), category))];

    public static bool TryParse(string? text, out IncidentCategory category) =>
        Enum.TryParse(text?.Trim(), ignoreCase: true, out category) && Enum.IsDefined(category) && !char.IsDigit(text!.Trim()[0]);
}
