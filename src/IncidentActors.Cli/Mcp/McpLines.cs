using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Cli.Mcp;

/// <summary>
/// The lines of the client. What is not a message is answered as JSON-RPC demands, which the SDK's transport leaves out: -32700 for what is not JSON, -32600
/// for JSON that is not a message. A batch is taken apart in the one revision that has batches, and refused in the others.
/// </summary>
internal sealed class McpLines(Stream input, ITransport output)
{
    private const string WithBatches = "2025-03-26";
    private string? revision;

    /// <summary>Copies messages until the input ends.</summary>
    public async Task CopyAsync(Stream messages, CancellationToken cancel)
    {
        using var lines = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        while (await lines.ReadLineAsync(cancel) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            JsonDocument read;
            try
            {
                read = JsonDocument.Parse(line);
            }
            catch (JsonException error)
            {
                await FailAsync(McpErrorCode.ParseError, $"The line is not JSON: {error.Message}", cancel);
                continue;
            }

            using (read)
            {
                if (read.RootElement is { ValueKind: JsonValueKind.Array } batch && revision == WithBatches && batch.GetArrayLength() > 0)
                {
                    foreach (var one in batch.EnumerateArray()) await PassAsync(one, messages, cancel);
                }
                else
                    await PassAsync(read.RootElement, messages, cancel);
            }
        }
    }

    private async Task PassAsync(JsonElement message, Stream messages, CancellationToken cancel)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("jsonrpc", out var version) || !version.ValueEquals("2.0"))
        {
            await FailAsync(McpErrorCode.InvalidRequest, "Send one JSON-RPC 2.0 message in a line.", cancel);
            return;
        }

        // The SDK's transport drops it without an answer, for which its caller would wait.
        if (message.TryGetProperty("id", out var id) && !IsId(id))
        {
            await FailAsync(McpErrorCode.InvalidRequest, "The id of a JSON-RPC 2.0 message must be a string or a 64-bit integer.", cancel);
            return;
        }

        if (Text(message, "method") == RequestMethods.Initialize && message.TryGetProperty("params", out var hello) && hello.ValueKind == JsonValueKind.Object)
            revision = Text(hello, "protocolVersion");
        await messages.WriteAsync(Encoding.UTF8.GetBytes(message.GetRawText() + "\n"), cancel);
        await messages.FlushAsync(cancel);
    }

    private Task FailAsync(McpErrorCode code, string sentence, CancellationToken cancel) =>
        output.SendMessageAsync(new JsonRpcError { Error = new JsonRpcErrorDetail { Code = (int)code, Message = sentence } }, cancel);

    private static bool IsId(JsonElement id) => id.ValueKind == JsonValueKind.String || (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _));

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
