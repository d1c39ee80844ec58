using System.Text;
using System.Text.Json;
using IncidentActors.Core.Texts;

namespace IncidentActors.Server.Mcp;

/// <summary>A short text for each answer, for models that do not read structured content.</summary>
internal static class McpSummary
{
    private const int MaxListed = 10;
    private const int MaxItemLength = 500;

    public static string Of(JsonElement answer)
    {
        if (answer.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array && !answer.TryGetProperty("history", out _))
            return Inbox(messages, answer.TryGetProperty("heldElsewhere", out var held) && held.ValueKind == JsonValueKind.Array ? held : default);
        if (answer.TryGetProperty("items", out var items))
            return Lines($"{items.GetArrayLength()} found.", items, item => State(item) ?? SafeText.OneLine(item.GetRawText(), MaxItemLength));
        if (answer.TryGetProperty("actions", out var actions))
        {
            return Lines($"{State(answer)}. {actions.GetArrayLength()} steps are owed.", actions, action =>
                $"{Word(action.GetProperty("who"))} by {Word(action.GetProperty("tool"))} ({Word(action.GetProperty("subject"))}): "
                + Word(action.GetProperty("what"))
                + (action.TryGetProperty("after", out var after) ? $", after: {Word(after)}" : ""));
        }

        var facts = answer.TryGetProperty("messageId", out var id) ? $" Message {Word(id)}." : "";
        if (answer.TryGetProperty("approvalId", out var approval)) facts += $" Approval {Word(approval)}.";
        return (State(answer) is { } state ? $"{state}." : "Done.") + facts + Next(answer);
    }

    /// <summary><c>AT-EMRG-01 is InProgress (owner @dev): "Payment gateway down"</c>, as far as the view says it.</summary>
    public static string? State(JsonElement? view)
    {
        if (view is not { ValueKind: JsonValueKind.Object } there || !there.TryGetProperty("id", out var id)) return null;
        var text = Word(id) + (there.TryGetProperty("status", out var status) ? $" is {Word(status)}" : "");
        if (there.TryGetProperty("owner", out var owner) && owner.ValueKind == JsonValueKind.String) text += $" (owner {Word(owner)})";
        return there.TryGetProperty("title", out var title) ? $"{text}: {SafeText.Quoted(title.ToString())}" : text;
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

    /// <param name="held">Messages that other sessions of the handle hold; undefined if there are none.</param>
    private static string Inbox(JsonElement messages, JsonElement held)
    {
        var mine = messages.GetArrayLength();
        var others = held.ValueKind == JsonValueKind.Array ? held.GetArrayLength() : 0;
        var head = (mine, others) switch
        {
            (0, 0) => "Nothing waits for you.",
            (0, _) => "Nothing waits for this session, but other sessions of yours hold messages (below).",
            _ => $"{mine} message{(mine == 1 ? "" : "s")}, most urgent first. Acknowledge what requires it with message_ack.",
        };
        var text = Lines(
            head, messages,
            message =>
                $"{Word(message.GetProperty("priority"))} {Word(message.GetProperty("type"))} {Word(message.GetProperty("id"))} from "
                + $"{Word(message.GetProperty("from"))} on {Word(message.GetProperty("atpId"))}: {SafeText.Quoted(message.GetProperty("subject").ToString())}"
                + (message.GetProperty("requiresAck").GetBoolean() ? " (acknowledge)" : ""));
        if (others == 0) return text;
        return text + "\n" + Lines(
            $"{others} held by other sessions; they come to you when the session ends or its time is over. Without a session you see all of them.",
            held,
            message =>
                $"{Word(message.GetProperty("priority"))} {Word(message.GetProperty("type"))} {Word(message.GetProperty("id"))} held by session "
                + $"{Word(message.GetProperty("session"))} until {Word(message.GetProperty("until"))}: "
                + SafeText.Quoted(message.GetProperty("subject").ToString()));
    }

    private static string Lines(string head, JsonElement items, Func<JsonElement, string> line)
    {
        var text = new StringBuilder(head);
        foreach (var item in items.EnumerateArray().Take(MaxListed)) text.Append('\n').Append("- ").Append(line(item));
        if (items.GetArrayLength() > MaxListed) text.Append("\n- …");
        return text.ToString();
    }

    private static string Word(JsonElement value) => SafeText.OneLine(value.ToString());
}
