using System.Globalization;
using System.Text;
using IncidentActors.Core.Texts;
using Microsoft.Extensions.AI;

namespace IncidentActors.Agents.Chat;

/// <summary>What a message has cost so far, and the part of its transcript that is not kept yet. All text is quoted: nothing in it is a heading or an
/// action item of the artifact.</summary>
internal sealed class ChatRecord
{
    private const int CharactersPerToken = 4;

    private readonly StringBuilder transcript = new();
    private int calls;
    private long tokens;

    /// <summary>Null: all is kept.</summary>
    public string? Pending => transcript.Length == 0 ? null : transcript.ToString();

    public void Kept() => transcript.Clear();

    /// <exception cref="ChatBudgetException">Another call of the model is not in the budget.</exception>
    public void Check(ChatAgentOptions options)
    {
        if (calls >= options.MaxCalls) throw new ChatBudgetException($"The model was called {options.MaxCalls} times, which is the budget of a message.");
        if (tokens >= options.MaxTokens) throw new ChatBudgetException($"The budget of {options.MaxTokens} tokens for a message is used up.");
    }

    public void Add(IEnumerable<ChatMessage> request, ChatResponse response)
    {
        calls++;
        tokens += response.Usage switch
        {
            { TotalTokenCount: { } total } => total,
            { InputTokenCount: { } input, OutputTokenCount: { } output } => input + output,
            _ => request.Concat(response.Messages).SelectMany(message => message.Contents).Sum(Length) / CharactersPerToken,
        };
        foreach (var content in response.Messages.SelectMany(message => message.Contents)) Write("model", content);
    }

    public void Write(string who, AIContent content)
    {
        if (Text(content) is { Length: > 0 } text) transcript.Append(CultureInfo.InvariantCulture, $"{who}:\n\n{SafeText.Block(text)}\n\n");
    }

    private static int Length(AIContent content) => Text(content).Length;

    private static string Text(AIContent content) => content switch
    {
        TextContent text => text.Text,
        FunctionCallContent call => $"{call.Name}({string.Join(", ", call.Arguments?.Select(one => $"{one.Key}: {one.Value}") ?? [])})",
        FunctionResultContent result => result.Result?.ToString() ?? "",
        _ => "",
    };
}
