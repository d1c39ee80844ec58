using System.Collections.Immutable;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Messages;

/// <summary>What a type of message means.</summary>
/// <param name="Answer">The recipient must answer, within the time of the priority, by acknowledging or by acting on the ATP.</param>
/// <param name="Owns">The recipient becomes the ATP's owner.</param>
/// <param name="Orders">It orders work: it is void when that work is done or no longer wanted.</param>
/// <param name="Works">It asks the recipient for a part of the work: the recipient may hand the ATP on without owning it.</param>
/// <param name="Also">Other names for the type.</param>
public sealed record MessageMeaning(
    MessageType Type, string Means, bool Answer, bool Owns, bool Orders, bool Works, ImmutableArray<string> Also);

/// <summary>One step of the scale of priorities.</summary>
/// <param name="Acknowledge">How long an answer may take.</param>
/// <param name="Act">The same where acknowledgements are not used: until the recipient acts.</param>
/// <param name="Also">Words for it.</param>
public sealed record PriorityMeaning(Priority Priority, TimeSpan Acknowledge, TimeSpan Act, ImmutableArray<string> Also);

/// <summary>Types and priorities as <c>messages.yaml</c> gives them.</summary>
public sealed record MessageVocabulary(ImmutableArray<MessageMeaning> Types, ImmutableArray<PriorityMeaning> Priorities);

/// <summary>Every type of message with its meaning.</summary>
public static class MessageTypes
{
    /// <summary>The shipped file.</summary>
    internal static readonly MessageVocabulary Words = MessagesYaml.Shipped();

    public static ImmutableArray<MessageMeaning> All => Words.Types;

    public static MessageMeaning Of(MessageType type) => All.First(meaning => meaning.Type == type);

    /// <summary>Reads a type in any spelling: <c>qa_request</c>, <c>QA Request</c>, <c>ScopeAlert</c>.</summary>
    public static bool TryParse(string text, out MessageType type)
    {
        var letters = FlowKeywords.Letters(text);
        var found = All.FirstOrDefault(meaning => FlowKeywords.Letters(meaning.Type.ToString()) == letters)
            ?? All.FirstOrDefault(meaning => meaning.Also.Any(other => FlowKeywords.Letters(other) == letters));
        type = found?.Type ?? default;
        return found is not null;
    }
}
