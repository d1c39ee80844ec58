using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Json;
using IncidentActors.Core.NextSteps;

namespace IncidentActors.Core.Decisions;

/// <summary>The answer to a command. A refusal is a value, never an exception.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome")]
[JsonDerivedType(typeof(Accepted), "accepted")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Unavailable), "unavailable")]
public abstract record Outcome;

/// <summary>The turn is committed: durable and visible to the next reader.</summary>
public sealed record Accepted : Outcome
{
    private readonly Lazy<ReadOnlyMemory<byte>> written;
    private readonly Lazy<JsonElement> answer;

    [JsonConstructor]
    public Accepted(JsonElement answer, long version, bool replayed = false, long position = 0)
        : this(() => JsonSerializer.SerializeToUtf8Bytes(answer, CoreJsonContext.Default.JsonElement), version, replayed, position) =>
        this.answer = new Lazy<JsonElement>(answer);

    /// <param name="written">Makes the answer as UTF-8 JSON, when somebody asks for it.</param>
    public Accepted(Func<ReadOnlyMemory<byte>> written, long version, bool replayed = false, long position = 0)
    {
        this.written = new Lazy<ReadOnlyMemory<byte>>(written);
        answer = new Lazy<JsonElement>(() => JsonElement.Parse(this.written.Value.Span));
        Version = version;
        Replayed = replayed;
        Position = position;
    }

    /// <summary>The answer to the caller; the same for every repetition of the key.</summary>
    public JsonElement Answer => answer.Value;

    /// <summary><see cref="Answer"/> as UTF-8 JSON, to pass it on without parsing.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> AnswerWritten => written.Value;

    /// <summary>The answering actor's version after the turn.</summary>
    public long Version { get; init; }

    /// <summary>The idempotency key was known: this is the first answer again.</summary>
    public bool Replayed { get; init; }

    /// <summary>Place of the turn in the journal; 0 when nothing had to be written.</summary>
    public long Position { get; init; }
}

/// <summary>Refused by a rule; nothing changed.</summary>
/// <param name="Rule">Stable id out of <see cref="Rules"/>: <c>atp.transition.unknown</c>.</param>
/// <param name="Sentence">One sentence that says what is wrong and what would be right.</param>
/// <param name="Allowed">What would be allowed now, where there is a list.</param>
public sealed record Rejected(string Rule, string Sentence, ImmutableArray<string> Allowed = default) : Outcome
{
    public ImmutableArray<string> Allowed { get; init; } = Allowed.IsDefault ? [] : Allowed;

    /// <summary>What kind of refusal it is; decides the HTTP status and the exit code.</summary>
    public RejectionKind Kind { get; init; } = RejectionKind.Rule;

    /// <summary>The halt that covers the caller, for <see cref="RejectionKind.Halted"/>.</summary>
    public Halts.HaltNotice? Halt { get; init; }

    /// <summary>The current view of the actor, for <see cref="RejectionKind.Conflict"/>.</summary>
    public JsonElement? Current { get; init; }

    /// <summary>What meets the rule, where the rule knows; who does it is named by role.</summary>
    public ImmutableArray<NextAction> Next { get; init; } = [];

    /// <summary>The arguments are malformed.</summary>
    public static Rejected Malformed(string rule, string sentence, ImmutableArray<string> allowed = default) =>
        new(rule, sentence, allowed) { Kind = RejectionKind.Malformed };

    /// <summary>The caller's roles do not allow the command.</summary>
    /// <param name="rule">Stable id out of <see cref="Rules"/>.</param>
    /// <param name="sentence">Says who may.</param>
    /// <param name="allowed">The handles that may, where they are known.</param>
    public static Rejected Role(string rule, string sentence, ImmutableArray<string> allowed = default) =>
        new(rule, sentence, allowed) { Kind = RejectionKind.Role };

    /// <summary>What the command names does not exist.</summary>
    public static Rejected Unknown(string rule, string sentence, ImmutableArray<string> allowed = default) =>
        new(rule, sentence, allowed) { Kind = RejectionKind.Unknown };

    /// <summary>The idempotency key was used for another command.</summary>
    public static Rejected KeyReused(string key) =>
        new(Rules.KeyReused, $"The idempotency key '{key}' was used for another request; a new request needs a new key.");

    /// <summary>The current state does not allow the command.</summary>
    public static Rejected Conflict(string rule, string sentence, ImmutableArray<string> allowed = default) =>
        new(rule, sentence, allowed) { Kind = RejectionKind.Conflict };
}

/// <summary>Not decided: overload, no store, or the store's answer is unknown. Sending again with the same key is safe.</summary>
/// <param name="Known">True if it was not applied; false if it may have been: sending the same key again tells.</param>
public sealed record Unavailable(string Sentence, TimeSpan RetryAfter, bool Known) : Outcome;

[JsonConverter(typeof(JsonStringEnumConverter<RejectionKind>))]
public enum RejectionKind
{
    /// <summary>The arguments are malformed (400).</summary>
    Malformed,

    /// <summary>A rule of the domain (422).</summary>
    Rule,

    /// <summary>The caller's roles do not allow it (403).</summary>
    Role,

    /// <summary>What the command names does not exist (404).</summary>
    Unknown,

    /// <summary>The current state does not allow it (409).</summary>
    Conflict,

    /// <summary>A halt covers the caller or the work (423).</summary>
    Halted,
}
