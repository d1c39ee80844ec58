using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Journals;

/// <summary>One fact of a journal on its way to another one: a line of JSON (<see cref="JournalLines"/>).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "line")]
[JsonDerivedType(typeof(HeaderLine), "journal")]
[JsonDerivedType(typeof(ActorLine), "actor")]
[JsonDerivedType(typeof(EventLine), "event")]
[JsonDerivedType(typeof(AnswerLine), "answer")]
[JsonDerivedType(typeof(EffectLine), "effect")]
[JsonDerivedType(typeof(ClaimLine), "claim")]
[JsonDerivedType(typeof(MessageLine), "message")]
[JsonDerivedType(typeof(HaltLine), "halt")]
[JsonDerivedType(typeof(RecordLine), "record")]
[JsonDerivedType(typeof(EndLine), "end")]
public abstract record JournalLine;

/// <summary>Always the first line.</summary>
public sealed record HeaderLine(int Format) : JournalLine
{
    /// <summary>The format that this program writes; it reads no other.</summary>
    public const int Current = 1;

    /// <exception cref="InvalidOperationException">The line does not begin an export that this program can read.</exception>
    public static void Check(JournalLine line)
    {
        if (line is not HeaderLine { Format: Current })
            throw new InvalidOperationException($"Expected a journal's export in format {Current}, found: {line}.");
    }
}

public sealed record ActorLine(ActorId Actor, long Version, DocumentIndex Index, ReadOnlyMemory<byte> Document) : JournalLine;

public sealed record EventLine(
    ActorId Actor, long Version, string Name, DateTimeOffset At, string By, ReadOnlyMemory<byte> Payload, string? Incident, string? Cause,
    string? Token, string? Trace) : JournalLine;

public sealed record AnswerLine(string Key, string RequestHash, DateTimeOffset At, ReadOnlyMemory<byte> Json) : JournalLine;

public sealed record EffectLine(
    string Id, ActorId Target, ReadOnlyMemory<byte> Command, DateTimeOffset Due, DateTimeOffset Counted, Subject? Subject, bool Clock,
    int Attempts) : JournalLine;

public sealed record ClaimLine(string Name, ActorId Holder) : JournalLine;

public sealed record MessageLine(MessageRecord Message, DateTimeOffset? AckedAt, string? AckedBy, string? AckNotes) : JournalLine;

public sealed record HaltLine(HaltRecord Halt) : JournalLine;

/// <summary>A record that moves with the journal. Written directly after the header, so that an import disables access before it loads data.</summary>
/// <param name="After">Of a position in the feed: how many events lie before it, because cursors change; else null.</param>
public sealed record RecordLine(string Kind, string Key, ReadOnlyMemory<byte> Document, long? After = null) : JournalLine;

/// <summary>The last line of the text, so that one that was cut is known for it.</summary>
/// <param name="Lines">The number of lines before it.</param>
internal sealed record EndLine(long Lines) : JournalLine;
