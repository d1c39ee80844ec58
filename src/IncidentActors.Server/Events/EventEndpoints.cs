using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Events;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/events", StreamAsync)
            .Read<EventView>(
                "Events",
                "Server-sent events of everything (or of one incident), from the beginning or after an event's id ('after' or "
                + "Last-Event-ID); 'after=now' begins with what comes next. With 'named=false' all are of the type 'message'.")
            .WithMetadata(new CredentialsFrom(Schemes.Page), new OpenStream());

    private static async Task<IResult> StreamAsync(
        string? after, string? incident, bool? named, HttpContext http, RunningEngine engine, FeedSignal signal, ServerOptions options)
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

        return new Sse(
            (stream, cancel) => EventFeed.FollowAsync(stream, engine.Journal, signal, from, incident, named ?? true, cancel), options.SlowestReader);
    }
}
