using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Events;

internal static class EventEndpoints
{
    /// <summary>Streams at the same time; each reads the journal for itself.</summary>
    private const int MostStreams = 1000;

    private static int streams;

    public static void MapEvents(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/events", StreamAsync)
            .Read<EventView>(
                "Events",
                "Server-sent events of everything (or of one incident), from the beginning or after an event's id ('after' or "
                + "Last-Event-ID); 'after=now' begins with what comes next. With 'named=false' all are of the type 'message'.")
            .WithMetadata(new TakesCookie(Redirects: false));

    private static async Task<IResult> StreamAsync(
        string? after, string? incident, bool? named, HttpContext http, RunningEngine engine, FeedSignal signal, ServerOptions options,
        IHostApplicationLifetime lifetime)
    {
        var last = http.Request.Headers["Last-Event-ID"].ToString();
        var from = last.Length > 0 ? last : string.IsNullOrEmpty(after) ? null : after;
        if (from == "now") from = await engine.Journal.FeedEndAsync(http.RequestAborted);
        try
        {
            await engine.Journal.FeedAsync(from, 1, incident, http.RequestAborted);
        }
        catch (FormatException)
        {
            return Answer.Of(Arguments.Malformed("'after' and Last-Event-ID must be the id of an event, or 'now'."));
        }

        if (Interlocked.Increment(ref streams) > MostStreams)
        {
            Interlocked.Decrement(ref streams);
            throw new JournalUnavailableException($"More than {MostStreams} streams are open.", notApplied: true);
        }

        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            await new EventStream(engine.Journal, signal, http.Response, options.SlowestReader, named ?? true).WriteAsync(from, incident, end.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or JournalUnavailableException or IOException)
        {
            // The reader is gone, the server stops, or the journal is away: the stream ends, and the reader resumes where it was.
        }
        finally
        {
            Interlocked.Decrement(ref streams);
        }

        return TypedResults.Empty;
    }
}
