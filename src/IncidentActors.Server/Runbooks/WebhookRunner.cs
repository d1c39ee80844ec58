using System.Net.Sockets;
using System.Text.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Runbooks;
using IncidentActors.Server.Deliveries;

namespace IncidentActors.Server.Runbooks;

/// <summary>Asks somebody else to run it: a request signed as the Standard Webhooks specification says; 2xx is success.</summary>
internal static class WebhookRunner
{
    public static async Task<FinishRun> RunAsync(
        HttpClient http, Runbook runbook, RunbookRun run, string incidentId, string secret, SecretMask mask, DateTimeOffset now,
        CancellationToken late)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, runbook.Webhook);
        var body = Body(run, incidentId);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, run.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secret, run.Id, now, body));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late);
            var text = mask.Of(await ReadAsync(answer.Content, late));
            return new FinishRun(run.Id, answer.IsSuccessStatusCode ? RunStatus.Succeeded : RunStatus.Failed, (int)answer.StatusCode, text);
        }
        catch (OperationCanceledException)
        {
            return new FinishRun(run.Id, RunStatus.TimedOut, null, $"{runbook.Webhook} did not answer in time.");
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return new FinishRun(run.Id, RunStatus.Failed, null, error.Message);
        }
    }

    private static byte[] Body(RunbookRun run, string incidentId)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "runbook.run");
            writer.WriteString("runId", run.Id);
            writer.WriteString("runbook", run.Runbook);
            writer.WriteString("incidentId", incidentId);
            writer.WriteStartObject("values");
            foreach (var (name, value) in run.Values) writer.WriteString(name, value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken late)
    {
        using var reader = new StreamReader(await content.ReadAsStreamAsync(late));
        var buffer = new char[CommandRunner.MostOutput];
        var length = await reader.ReadBlockAsync(buffer, late);
        return Shortened.Cut(new string(buffer, 0, length), CommandRunner.MostOutput - 1);
    }
}
