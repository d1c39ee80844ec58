using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.NextSteps;

namespace IncidentActors.Server.Problems;

/// <summary>Why something cannot be done, as problem details (RFC 9457): served as <c>application/problem+json</c>.</summary>
/// <param name="Type">Ends in the rule's id: <c>https://incidentactors.dev/rules/atp.transition.unknown</c>.</param>
/// <param name="Detail">One sentence that says what would be right.</param>
/// <param name="Rule">The rule's id alone.</param>
/// <param name="Allowed">What would be allowed now, where there is a list.</param>
/// <param name="Halt">The halt that covers the caller or the work (423).</param>
/// <param name="Current">The current view of the actor (409).</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Rule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Allowed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HaltNotice? Halt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Current = null)
{
    private const string Rules = "https://incidentactors.dev/rules/";

    /// <summary>What meets the rule: who (a role), the tool, the command line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<NextAction>? Next { get; init; }

    /// <summary>Not part of the body: when to come again (503).</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    public static Problem Of(Rejected rejected)
    {
        var (status, title) = rejected.Kind switch
        {
            RejectionKind.Malformed => (StatusCodes.Status400BadRequest, "Malformed"),
            RejectionKind.Role => (StatusCodes.Status403Forbidden, "Not for this role"),
            RejectionKind.Unknown => (StatusCodes.Status404NotFound, "Unknown"),
            RejectionKind.Conflict => (StatusCodes.Status409Conflict, "Conflict with the state"),
            RejectionKind.Halted => (StatusCodes.Status423Locked, "Halted"),
            _ => (StatusCodes.Status422UnprocessableEntity, "Refused by a rule"),
        };
        return new Problem(
            Rules + rejected.Rule, title, status, rejected.Sentence, rejected.Rule,
            rejected.Allowed.IsEmpty ? null : rejected.Allowed, rejected.Halt, rejected.Current)
        {
            Next = rejected.Next.IsEmpty ? null : rejected.Next,
        };
    }

    public static Problem Of(Unavailable unavailable) =>
        Named(
            unavailable.Known ? "server.unavailable" : "server.outcome-unknown",
            "Unavailable",
            StatusCodes.Status503ServiceUnavailable,
            unavailable.Known
                ? $"{unavailable.Sentence} Nothing was changed; send it again."
                : $"{unavailable.Sentence} It may have been applied; send it again with the same Idempotency-Key to learn.")
        with { RetryAfter = unavailable.RetryAfter };

    public static Problem TooLarge(string sentence) =>
        Named("request.too-large", "Too large", StatusCodes.Status413PayloadTooLarge, sentence);

    /// <summary>A problem that is not a rule of the domain.</summary>
    public static Problem Named(string id, string title, int status, string sentence) => new(Rules + id, title, status, sentence, id);
}
