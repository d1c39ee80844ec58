using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Cli.Mcp;

/// <summary>Puts the questions of one call to the person at the client, each once: a call that is sent again gets the answer that was given.</summary>
/// <param name="client">The client's side of the call.</param>
internal sealed class McpQuestion(McpServer client)
{
    private readonly Dictionary<string, ElicitResult> answered = new(StringComparer.Ordinal);

    /// <summary>The client shows forms. One that only opens addresses cannot ask.</summary>
    public static McpQuestion? Of(McpServer client) =>
        client.ClientCapabilities?.Elicitation is { } able && (able.Form is not null || able.Url is null) ? new McpQuestion(client) : null;

    public async ValueTask<ElicitResult> AskAsync(ElicitRequestParams? asked, CancellationToken cancel)
    {
        if (asked is null) return new ElicitResult { Action = "cancel" };
        if (answered.TryGetValue(asked.Message, out var known)) return known;
        var id = new RequestId($"ask-{Guid.NewGuid():n}");
        var ask = new JsonRpcRequest
        {
            Id = id,
            Method = RequestMethods.ElicitationCreate,
            Params = JsonSerializer.SerializeToNode(asked, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ElicitRequestParams))),
        };
        try
        {
            var answer = await client.SendRequestAsync(ask, CancellationToken.None).WaitAsync(cancel);
            return answered[asked.Message] = answer.Result.Deserialize(InputResponse.ElicitResultJsonTypeInfo)!;
        }
        catch (OperationCanceledException)
        {
            await client.SendNotificationAsync(
                NotificationMethods.CancelledNotification,
                new CancelledNotificationParams { RequestId = id, Reason = "The call was canceled." },
                McpJsonUtilities.DefaultOptions, CancellationToken.None);
            throw;
        }
    }
}
