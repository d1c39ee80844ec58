using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Events;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Inbox;

/// <summary>An inbox as server-sent events: each message once, P0 first, to this session; what is not acknowledged when the
/// connection ends is for other sessions.</summary>
internal static class InboxStream
{
    private const int AtOnce = 16;
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    public static void MapInboxStream(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/agents/{handle}/inbox/stream", Open)
            .Read<MessageView>(
                "Agents",
                "The caller's own inbox as server-sent events 'message'. With X-Session, messages are shared with the handle's other sessions.")
            .WithMetadata(new OpenStream());

    private static IResult Open(string handle, HttpContext http, RunningEngine engine, ServerOptions options)
    {
        var (call, refusal) = CallReader.Write(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        if (call!.By != Handle.Normalize(handle))
        {
            return Answer.Of(Rejected.Role(
                Rules.CallerMismatch, $"Only {Handle.Normalize(handle)} listens to this inbox; {call.By} may look at it.", [call.By]));
        }

        var session = call.Session.Length > 0 ? call.Session : "stream-" + Guid.NewGuid().ToString("n");
        return new Sse((stream, cancel) => FollowAsync(stream, engine, call with { Session = session, Key = null }, cancel), options.SlowestReader);
    }

    private static async IAsyncEnumerable<SseItem<byte[]>> FollowAsync(
        Sse stream, RunningEngine engine, Call call, [EnumeratorCancellation] CancellationToken cancel)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await stream.CommentAsync("connected", null, cancel);
            while (true)
            {
                var taken = await engine.Leases.TakeAsync(call.By, call.Session, LookAsync, AtOnce, cancel);
                foreach (var message in taken)
                {
                    told.Add(message.Id);
                    var data = JsonSerializer.SerializeToUtf8Bytes(message, ServerJson.Info<MessageView>());
                    yield return new SseItem<byte[]>(data, "message") { EventId = message.Id };
                }

                if (taken.Length > 0) continue;
                if (!await engine.Waits.UntilAsync(call.By, call.Session, told, HeartbeatInterval, cancel)) await stream.CommentAsync("alive", null, cancel);
            }
        }
        finally
        {
            await engine.Leases.ReleaseAsync(call.By, call.Session, CancellationToken.None);
        }

        async Task<IEnumerable<MessageView>> LookAsync(int most)
        {
            var messages = await engine.Journal.InboxAsync(call.By, told.Count + most, cancel);
            told.IntersectWith(messages.Select(one => one.Message.Id));
            return messages.Where(one => !told.Contains(one.Message.Id)).Select(one => Engine.Views.Message(one, false));
        }
    }
}
