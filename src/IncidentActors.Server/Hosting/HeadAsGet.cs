namespace IncidentActors.Server.Hosting;

/// <summary>
/// What can be got can be asked for its headers alone, as load balancers and monitors do. HEAD is worked as GET without a body; a stream of
/// events, which would never end, ends with its first word.
/// </summary>
internal static class HeadAsGet
{
    /// <summary>Before routing, which knows no HEAD.</summary>
    public static void UseHeadAsGet(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await next(http);
            return;
        }

        using var known = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var (gone, body) = (http.RequestAborted, http.Response.Body);
        http.RequestAborted = known.Token;
        http.Request.Method = HttpMethods.Get;
        http.Response.Body = new Unsent(() =>
        {
            if (http.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true) known.Cancel();
        });
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            // The stream has begun; more was not asked for.
        }
        finally
        {
            (http.RequestAborted, http.Response.Body) = (gone, body);
        }
    });

    /// <summary>Notes that a body was to be sent.</summary>
    private sealed class Unsent(Action told) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => told();

        public override void Write(byte[] buffer, int offset, int count) => told();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            told();
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            told();
            return ValueTask.CompletedTask;
        }

        public override void Flush() => told();

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            told();
            return Task.CompletedTask;
        }
    }
}
