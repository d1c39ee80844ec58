using System.Text.Json.Serialization;

namespace IncidentActors.Core.Messages;

/// <summary>How pressing a message or an ATP is. Severity belongs to incidents and is something else.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Priority>))]
public enum Priority
{
    [JsonStringEnumMemberName("P0-Critical")] P0,
    [JsonStringEnumMemberName("P1-High")] P1,
    [JsonStringEnumMemberName("P2-Normal")] P2,
    [JsonStringEnumMemberName("P3-Low")] P3,
}

/// <summary>One scale for all the words: <c>P3-Informational</c>, <c>P4-Low</c>, <c>Medium</c>, <c>urgent</c>.</summary>
public static class Priorities
{
    public static bool TryParse(string text, out Priority priority)
    {
        var word = text.Trim().ToLowerInvariant();
        var number = word is ['p', >= '0' and <= '9', ..] ? word[1] - '0' : word is [>= '0' and <= '9'] ? word[0] - '0' : -1;
        var numbered = number >= 0 && (word.Length == 1 || word.Length == 2 || !char.IsAsciiLetterOrDigit(word[2]));
        Priority? found = numbered && number <= MaxNumber ? (Priority)Math.Min(number, (int)Priority.P3)
            : MessageTypes.Words.Priorities.FirstOrDefault(step => step.Also.Contains(word))?.Priority;
        priority = found.GetValueOrDefault();
        return found is not null;
    }

    public static PriorityMeaning Of(Priority priority) => MessageTypes.Words.Priorities.First(step => step.Priority == priority);

    /// <summary>P4 and P5 of longer scales are the lowest here.</summary>
    private const int MaxNumber = 5;
}
