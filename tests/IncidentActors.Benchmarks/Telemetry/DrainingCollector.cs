using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Benchmarks.Telemetry;

/// <summary>Takes whatever is exported and looks at nothing.</summary>
internal sealed class DrainingCollector : IAsyncDisposable
{
    private readonly WebApplication app;
    private long requests;
    private long bytes;

    private DrainingCollector(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();
    public long Requests => Interlocked.Read(ref requests);
    public long Bytes => Interlocked.Read(ref bytes);

    public static async Task<DrainingCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new DrainingCollector(builder.Build());
        collector.app.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            Interlocked.Increment(ref collector.requests);
            Interlocked.Add(ref collector.bytes, request.ContentLength ?? 0);
            await request.Body.CopyToAsync(Stream.Null);
        });
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
