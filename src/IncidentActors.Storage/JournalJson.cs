using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Storage;

/// <summary>The small records that both stores keep as JSON, and times as they keep them.</summary>
internal static class JournalJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static byte[] Of(Subject subject) => JsonSerializer.SerializeToUtf8Bytes(subject, Options);

    public static byte[] Of(HaltRecord halt) => JsonSerializer.SerializeToUtf8Bytes(halt, Options);

    public static byte[] Of(MessageRecord message) => JsonSerializer.SerializeToUtf8Bytes(message, Options);

    /// <summary>A text of which nothing is known, as a JSON string: may hold what a column cannot.</summary>
    public static byte[]? OfText(string? text) => text is null ? null : JsonSerializer.SerializeToUtf8Bytes(text, Options);

    public static string? Text(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<string>(json, Options);

    public static Subject Subject(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<Subject>(json, Options)!;

    public static HaltRecord Halt(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<HaltRecord>(json, Options)!;

    /// <summary>A halt as the fence takes it, which asks the row first: lifted where the row or the document says so.</summary>
    public static HaltRecord Halt(ReadOnlySpan<byte> json, long? liftedAt)
    {
        var halt = Halt(json);
        return liftedAt is { } lifted ? halt with { LiftedAt = halt.LiftedAt ?? Time(lifted) } : halt;
    }

    public static MessageRecord Message(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<MessageRecord>(json, Options)!;

    /// <summary>A sentence where the columns do not say what the document says.</summary>
    public static string? Stray(string id, string recipient, int priority, long sentAt, ReadOnlySpan<byte> json)
    {
        var message = Message(json);
        return (id, recipient, priority, sentAt) == (message.Id, message.To, (int)message.Priority, Ticks(message.SentAt))
            ? null
            : $"the columns of the message {id} do not say what its document says";
    }

    /// <inheritdoc cref="Stray(string,string,int,long,ReadOnlySpan{byte})"/>
    public static string? Stray(string id, long raisedAt, long? liftedAt, ReadOnlySpan<byte> json)
    {
        var halt = Halt(json);
        return (id, raisedAt, liftedAt) == (halt.Id, Ticks(halt.RaisedAt), halt.LiftedAt is { } lifted ? Ticks(lifted) : null)
            ? null
            : $"the columns of the halt {id} do not say what its document says";
    }

    /// <summary>Number of 100 ns ticks since 1970-01-01 UTC: the full precision of a <see cref="DateTimeOffset"/>, so that what is read back
    /// equals what was decided on.</summary>
    public static long Ticks(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset Time(long ticks) => new(ticks + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <summary>No lease of an effect is longer; what may be taken only later is parked.</summary>
    public static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);

    public static JournalFigures Figures(
        IReadOnlyList<(string Kind, int Rank, long Count)> open, long due, DateTimeOffset? oldest,
        IEnumerable<(int Priority, long Count, DateTimeOffset Oldest)> unread)
    {
        ImmutableSortedDictionary<int, long> Of(ActorKind kind) =>
            open.Where(row => row.Kind == ActorId.KindName(kind)).ToImmutableSortedDictionary(row => row.Rank, row => row.Count);
        return new JournalFigures(
            Of(ActorKind.Incident), Of(ActorKind.Atp), Of(ActorKind.Approval).Values.Sum(), due, oldest,
            unread.ToImmutableSortedDictionary(row => row.Priority, row => new Unread(row.Count, row.Oldest)));
    }

    /// <summary>When the effect may first be taken, in ticks.</summary>
    public static long Ready(EffectRecord effect) =>
        Ticks(effect.LeaseUntil is { } until && until > effect.Due ? until : effect.Due);
}
