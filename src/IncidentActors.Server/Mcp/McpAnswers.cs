using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Texts;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// Outcomes as answers to a model: the view as structured content, a short text, and before it the system's notices (halts that cover the caller, and
/// warnings). Text of outside origin is quoted on one line, so that it cannot begin a line or imitate a notice.
/// </summary>
internal static class McpAnswers
{
    public const string HaltsMeta = "incidentactors/halts";
    public const string ProblemMeta = "incidentactors/problem";
    public const string WarningsMeta = "incidentactors/warnings";

    /// <summary>The code of the answer's notices, which no text could know before.</summary>
    public const string CodeMeta = "incidentactors/code";
    private const int MaxSentenceLength = 2000;
    private const string Unread = "Whether a halt covers you could not be read just now: look with halt_status before you go on.";

    /// <param name="halts">Null if they could not be read; the call itself has succeeded.</param>
    /// <param name="warnings">What about the call was ignored.</param>
    public static CallToolResult Of(Outcome outcome, ImmutableArray<HaltNotice>? halts, ImmutableArray<string> warnings)
    {
        var result = outcome switch
        {
            Accepted accepted => new CallToolResult
            {
                StructuredContent = accepted.Answer,
                Content = [Text((accepted.Replayed ? "Already applied; this is the first answer. " : "") + McpSummary.Of(accepted.Answer))],
            },
            Rejected rejected => Refused(rejected),
            Unavailable unavailable => Failed(Problem.Of(unavailable), Problem.Of(unavailable).Detail),
            _ => throw new InvalidOperationException($"no outcome {outcome.GetType().Name}"),
        };
        List<string> notices = [.. halts is { } covering ? covering.Select(HaltLine) : [Unread], .. warnings];
        if (notices.Count == 0) return result;
        var code = RandomNumberGenerator.GetHexString(8);
        result.Content.Insert(0, Text($"[IncidentActors {code}]\n{string.Join('\n', notices)}\n[IncidentActors {code}]"));
        result.Meta ??= [];
        result.Meta[CodeMeta] = code;
        if (halts is { IsEmpty: false } all) result.Meta[HaltsMeta] = Node(all);
        if (!warnings.IsEmpty) result.Meta[WarningsMeta] = Node(warnings);
        return result;
    }

    /// <summary>What the answer itself warns of, each on one line.</summary>
    public static IEnumerable<string> WarningsIn(Outcome outcome) =>
        outcome is Accepted accepted && accepted.Answer is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("warnings", out var warnings)
            && warnings.ValueKind == JsonValueKind.Array
            ? warnings.EnumerateArray().Select(one => SafeText.OneLine(one.GetString() ?? "", MaxSentenceLength))
            : [];

    private static CallToolResult Refused(Rejected rejected)
    {
        var text = new StringBuilder($"Refused by {rejected.Rule}: {SafeText.OneLine(rejected.Sentence, MaxSentenceLength)}");
        if (McpSummary.State(rejected.Current) is { } state) text.Append(CultureInfo.InvariantCulture, $" State: {state}.");
        if (!rejected.Allowed.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $" Allowed now: {string.Join(", ", rejected.Allowed.Select(one => SafeText.OneLine(one)))}.");
        if (!rejected.Next.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $" Next: {string.Join("; ", rejected.Next.Select(one => $"{one.Who} by {one.Tool} ({one.Subject})"))}.");
        if (rejected.Kind == RejectionKind.Halted) text.Append(" Nothing was changed; do not retry until the halt is lifted, then send the same again.");
        return Failed(Problem.Of(rejected) with { Current = null }, text.ToString());
    }

    private static CallToolResult Failed(Problem problem, string text) => new()
    {
        IsError = true,
        Content = [Text(text)],
        Meta = new JsonObject { [ProblemMeta] = Node(problem) },
    };

    private static string HaltLine(HaltNotice halt) =>
        $"HALT {halt.Id} ({SafeText.OneLine(halt.Scope.ToString())}) by {halt.RaisedBy} since {halt.RaisedAt:u}. Stop what it covers; work on its incident "
        + $"goes on. Confirm with halt_ack. Reason given: {SafeText.Quoted(halt.Reason)}";

    private static TextContentBlock Text(string text) => new() { Text = text };

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, ServerJson.Info<T>());
}
