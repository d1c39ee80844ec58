using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

/// <summary>The promises of <see cref="IStore"/>, once for every store: a fresh journal per fact.</summary>
public abstract partial class StoreSuite : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private readonly List<IStore> nodes = [];

    /// <summary>The first node; null while none is open.</summary>
    protected IStore? Opened { get; private set; }

    protected IStore Journal => Opened!;

    /// <summary>An empty journal.</summary>
    protected abstract Task CreateStoreAsync();

    /// <summary>One more node on the same store, not opened; where a store allows only one, the same node.</summary>
    protected abstract IStore Connect();

    protected abstract Task DropStoreAsync();

    public async Task InitializeAsync()
    {
        await CreateStoreAsync();
        Opened = await AnotherNodeAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes.Distinct()) await node.DisposeAsync();
        await DropStoreAsync();
    }

    protected async Task<IStore> AnotherNodeAsync()
    {
        var node = Connect();
        lock (nodes)
        {
            if (nodes.Contains(node)) return node;
            nodes.Add(node);
        }

        await node.OpenAsync(None);
        return node;
    }

    /// <summary>The first node and others beside it, made when first asked for.</summary>
    protected async Task<IStore[]> NodesAsync(int count)
    {
        while (nodes.Count < count)
        {
            var known = nodes.Count;
            await AnotherNodeAsync();
            if (nodes.Count == known) break;
        }

        return [.. Enumerable.Range(0, count).Select(i => nodes[i % nodes.Count])];
    }

    protected async Task ReopenAsync()
    {
        foreach (var node in nodes.Distinct()) await node.DisposeAsync();
        nodes.Clear();
        Opened = null;
        Opened = await AnotherNodeAsync();
    }

    protected async Task<CommitResult> CommitAsync(TurnRecord turn) => Assert.Single(await Journal.CommitAsync([turn], None));

    protected async Task<Committed> MustCommitAsync(TurnRecord turn) => Assert.IsType<Committed>(await CommitAsync(turn));

    protected async Task<long> VersionAsync(ActorId actor) => (await Journal.LoadAsync(actor, None))?.Version ?? 0;

    protected async Task<DueEffect> TakeOneAsync(DateTimeOffset? now = null) =>
        Assert.Single(await Journal.TakeDueAsync("n1", now ?? Given.Noon, TimeSpan.FromMinutes(1), 10, None));

    /// <summary>Ends when the feed may show whatever is committed: transactions of others on the same server hold it back for a while.</summary>
    protected virtual Task FeedCaughtUpAsync() => Task.CompletedTask;

    protected async Task<List<StoredEvent>> WholeFeedAsync(string? incident = null, int page = 7)
    {
        await FeedCaughtUpAsync();
        var all = new List<StoredEvent>();
        for (string? cursor = null; ;)
        {
            var next = await Journal.FeedAsync(cursor, page, incident, None);
            if (next.Events.IsEmpty) return all;
            all.AddRange(next.Events);
            cursor = next.Cursor;
        }
    }
}
