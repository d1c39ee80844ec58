using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace IncidentActors.Silo.Tests.Agents;

/// <summary>A model that answers as the test says.</summary>
/// <param name="answer">Gets the request and the number of the call, from 1.</param>
internal sealed class ScriptedModel(Func<IReadOnlyList<ChatMessage>, int, CancellationToken, Task<ChatResponse>> answer) : IChatClient
{
    private int calls;

    public ScriptedModel(params ChatResponse[] answers)
        : this((_, call, _) => Task.FromResult(answers[Math.Min(call, answers.Length) - 1]))
    {
    }

    public ConcurrentQueue<IReadOnlyList<ChatMessage>> Requests { get; } = [];

    public IReadOnlyList<AIFunction> Functions { get; private set; } = [];

    public static ChatResponse Says(string text) => new(new ChatMessage(ChatRole.Assistant, text));

    public static ChatResponse Calls(string function, object arguments) => new(new ChatMessage(
        ChatRole.Assistant,
        [
            new FunctionCallContent(
                Guid.NewGuid().ToString("n"), function, arguments.GetType().GetProperties().ToDictionary(one => one.Name, one => one.GetValue(arguments))),
        ]));

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = messages.ToList();
        Requests.Enqueue(request);
        Functions = [.. options!.Tools!.Cast<AIFunction>()];
        return answer(request, Interlocked.Increment(ref calls), cancellationToken);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
