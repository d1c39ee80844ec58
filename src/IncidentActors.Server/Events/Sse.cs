using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using IncidentActors.Engine.Journals;
using Microsoft.AspNetCore.Http.Features;

namespace IncidentActors.Server.Events;

/// <summary>
/// A stream of server-sent events. Items are written by the framework's formatter; that a stream is open and alive is said in comments, which
/// no reader can take for an item. <c>TypedResults.ServerSentEvents</c> writes no comments.
/// </summary>
/// <param name="items">Gets the stream, for what is not an item, and the token that ends it.</param>
/// <param name="slowest">A reader that accepts nothing for this time is dropped and may resume.</param>
internal sealed class Sse(Func<Sse, CancellationToken, IAsyncEnumerable<SseItem<byte[]>>> items, TimeSpan slowest) : IResult
{
    private Stream body = Stream.Null;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        body = new TimedWrites(httpContext, slowest);
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await SseFormatter.WriteAsync(items(this, end.Token), body, static (item, writer) => writer.Write(item.Data), end.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or JournalUnavailableException or IOException)
        {
            // The reader is gone, the server stops, or the journal is away: the stream ends, and the reader resumes where it was.
        }
    }

    /// <summary>Says something that is not an item. With an id the reader resumes behind it when it is cut off.</summary>
    public async Task CommentAsync(string comment, string? id, CancellationToken cancel)
    {
        var place = id is null ? "" : $"id: {id}\n";
        await body.WriteAsync(Encoding.UTF8.GetBytes($": {comment}\n{place}\n"), cancel);
    }
}
