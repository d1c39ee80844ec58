#pragma warning disable MCP9006 // The revisions before 2026-07-28 have sessions, and clients speak them for years.
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// The SDK's store of events, for a session's own stream only: a client that lost it gets what it missed (<c>Last-Event-ID</c>). Answers of calls are
/// not kept: a call is sent again with its idempotency key, and a client that canceled a call would wait for the rest of its answer.
/// </summary>
internal sealed class McpSessionStreams : ISseEventStreamStore
{
    private static readonly TimeSpan EventsKept = TimeSpan.FromMinutes(5);

    private readonly DistributedCacheEventStreamStore store = new(Options.Create(new DistributedCacheEventStreamStoreOptions
    {
        Cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())),
        EventSlidingExpiration = EventsKept,
        EventAbsoluteExpiration = EventsKept,
    }));

    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions options, CancellationToken cancellationToken = default) =>
        options.StreamId == StreamableHttpServerTransport.UnsolicitedMessageStreamId
            ? store.CreateStreamAsync(options, cancellationToken)
            : ValueTask.FromResult<ISseEventStreamWriter>(null!); // The transport takes null for "not kept".

    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default) =>
        store.GetStreamReaderAsync(lastEventId, cancellationToken);
}
