using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>Outcomes as answers to a model: the view as structured content, a short text, and always the halts that cover it.</summary>
internal static class McpAnswers
{
    public const string HaltsMeta = "incidentactors/halts";
    public const string ProblemMeta = "incidentactors/problem";
    private const int MostListed = 10;
    private const string Unread = "Whether a halt covers you could not be read just now: look with halt_status before you go on.";

    /// <param name="halts">Null: they could not be read; what was done stands all the same.</param>
    public static CallToolResult Of(Outcome outcome, ImmutableArray<HaltNotice>? halts)
    {
        var result = outcome switch
        {
            Accepted accepted => new CallToolResult
            {
                StructuredContent = accepted.Answer,
                Content = [Text((accepted.Replayed ? "Already done; the first answer again. " : "") + Summary(accepted.Answer))],
            },
            Rejected rejected => Refused(rejected),
            Unavailable unavailable => Failed(Problem.Of(unavailable), Problem.Of(unavailable).Detail),
            _ => throw new InvalidOperationException($"no outcome {outcome.GetType().Name}"),
        };
        if (halts is not { } covering)
        {
            result.Content.Add(Text(Unread));
            return result;
        }

        if (covering.IsEmpty) return result;
        foreach (var halt in covering) result.Content.Add(Text(Told(halt)));
        result.Meta ??= [];
        result.Meta[HaltsMeta] = Node(covering);
        return result;
    }

    private static CallToolResult Refused(Rejected rejected)
    {
        var text = new StringBuilder($"Refused by {rejected.Rule}: {rejected.Sentence}");
        if (State(rejected.Current) is { } state) text.Append(CultureInfo.InvariantCulture, $" State: {state}.");
        if (!rejected.Allowed.IsEmpty) text.Append(CultureInfo.InvariantCulture, $" Allowed now: {string.Join(", ", rejected.Allowed)}.");
        if (rejected.Kind == RejectionKind.Halted) text.Append(" Nothing was changed; do not retry until the halt is lifted, then send the same again.");
        return Failed(Problem.Of(rejected) with { Current = null }, text.ToString());
    }

    private static CallToolResult Failed(Problem problem, string text) => new()
    {
        IsError = true,
        Content = [Text(text)],
        Meta = new JsonObject { [ProblemMeta] = Node(problem) },
    };

    private static string Told(HaltNotice halt) =>
        $"HALT {halt.Id} ({halt.Scope}) by {halt.RaisedBy} since {halt.RaisedAt:u}: {halt.Reason}. Stop what it covers; "
        + "work on its incident goes on. Confirm with halt_ack.";

    private static string Summary(JsonElement answer)
    {
        if (answer.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array && !answer.TryGetProperty("history", out _))
            return Inbox(messages);
        if (answer.TryGetProperty("items", out var items))
            return Lines($"{items.GetArrayLength()} found.", items, item => State(item) ?? item.GetRawText());
        var facts = answer.TryGetProperty("messageId", out var id) ? $" Message {id}." : "";
        if (answer.TryGetProperty("approvalId", out var approval)) facts += $" Approval {approval}.";
        return (State(answer) is { } state ? $"{state}." : "Done.") + facts + Next(answer);
    }

    /// <summary>Who may do what from here: the view knows, so a model need not guess.</summary>
    private static string Next(JsonElement answer)
    {
        if (!answer.TryGetProperty("next", out var next) || next.ValueKind != JsonValueKind.Array || next.GetArrayLength() == 0) return "";
        var steps = next
            .EnumerateArray()
            .Select(
                step =>
                    $"{step.GetProperty("role")} by {string.Join(" or ", step.GetProperty("tools").EnumerateArray())} → {step.GetProperty("to")}");
        return $" Next: {string.Join("; ", steps)}.";
    }

    private static string Inbox(JsonElement messages) => Lines(
        messages.GetArrayLength() == 0
            ? "Nothing waits for you."
            : $"{messages.GetArrayLength()} messages, most urgent first. Acknowledge what requires it with message_ack.",
        messages,
        message =>
            $"{message.GetProperty("priority")} {message.GetProperty("type")} {message.GetProperty("id")} from "
            + $"{message.GetProperty("from")} on {message.GetProperty("atpId")}: {message.GetProperty("subject")}"
            + (message.GetProperty("requiresAck").GetBoolean() ? " (acknowledge)" : ""));

    private static string Lines(string head, JsonElement items, Func<JsonElement, string> line)
    {
        var text = new StringBuilder(head);
        foreach (var item in items.EnumerateArray().Take(MostListed)) text.Append('\n').Append("- ").Append(line(item));
        if (items.GetArrayLength() > MostListed) text.Append("\n- …");
        return text.ToString();
    }

    /// <summary><c>AT-EMRG-01 is InProgress: Payment gateway down (owner @dev)</c>, as far as the view says it.</summary>
    private static string? State(JsonElement? view)
    {
        if (view is not { ValueKind: JsonValueKind.Object } there || !there.TryGetProperty("id", out var id)) return null;
        var text = id.ToString() + (there.TryGetProperty("status", out var status) ? $" is {status}" : "");
        if (there.TryGetProperty("title", out var title)) text += $": {title}";
        return there.TryGetProperty("owner", out var owner) && owner.ValueKind == JsonValueKind.String ? $"{text} (owner {owner})" : text;
    }

    private static TextContentBlock Text(string text) => new() { Text = text };

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, ServerJson.Info<T>());
}
