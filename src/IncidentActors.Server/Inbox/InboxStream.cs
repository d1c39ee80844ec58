using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Inbox;

/// <summary>An inbox as server-sent events: each message once, P0 first, to this session; what is not acknowledged when the
/// connection ends is for other sessions.</summary>
internal static class InboxStream
{
    private const int AtOnce = 16;
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    public static void MapInboxStream(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/agents/{handle}/inbox/stream", StreamAsync)
            .Read<MessageView>(
                "Agents",
                "The caller's own inbox as server-sent events 'message'. With X-Session, messages are shared with the handle's other sessions.");

    private static async Task<IResult> StreamAsync(string handle, HttpContext http, RunningEngine engine, IHostApplicationLifetime lifetime)
    {
        var (call, refusal) = CallReader.Write(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        if (call!.By != Handle.Normalize(handle))
        {
            return Answer.Of(Rejected.Role(
                Rules.CallerMismatch, $"Only {Handle.Normalize(handle)} listens to this inbox; {call.By} may look at it.", [call.By]));
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var session = call.Session.Length > 0 ? call.Session : "stream-" + Guid.NewGuid().ToString("n");
        try
        {
            await WriteAsync(http.Response, engine, call with { Session = session, Key = null }, end.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or JournalUnavailableException)
        {
            // The listener is gone, the server stops, or the journal is away.
        }
        finally
        {
            await engine.Leases.ReleaseAsync(call.By, session, CancellationToken.None);
        }

        return TypedResults.Empty;
    }

    private static async Task WriteAsync(HttpResponse response, RunningEngine engine, Call call, CancellationToken cancel)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        await response.WriteAsync(": connected\n\n", cancel);
        await response.Body.FlushAsync(cancel);
        while (true)
        {
            var taken = await engine.Leases.TakeAsync(call.By, call.Session, LookAsync, AtOnce, cancel);
            foreach (var message in taken)
            {
                told.Add(message.Id);
                await response.WriteAsync(
                    $"id: {message.Id}\nevent: message\ndata: {JsonSerializer.Serialize(message, ServerJson.Info<MessageView>())}\n\n",
                    cancel);
            }

            await response.Body.FlushAsync(cancel);
            if (taken.Length > 0) continue;
            if (!await engine.Waits.UntilAsync(call.By, call.Session, told, HeartbeatEvery, cancel)) await response.WriteAsync(": alive\n\n", cancel);
        }

        async Task<IEnumerable<MessageView>> LookAsync(int most)
        {
            var messages = await engine.Journal.InboxAsync(call.By, told.Count + most, cancel);
            told.IntersectWith(messages.Select(one => one.Message.Id));
            return messages.Where(one => !told.Contains(one.Message.Id)).Select(one => Engine.Views.Message(one, false));
        }
    }
}
