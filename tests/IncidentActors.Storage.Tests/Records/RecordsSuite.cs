using System.Text;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;
using IncidentActors.Storage.Postgres;
using IncidentActors.Storage.Sqlite;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Storage.Tests.Records;

/// <summary>What every store of records promises; bound to each store below.</summary>
public abstract class RecordsSuite : IAsyncLifetime
{
    private const string Kind = "note";
    private IStore journal = null!;

    private IRecords Records => journal;

    protected abstract Task<IStore> ConnectAsync();

    public async Task InitializeAsync()
    {
        if (GetType().GetCustomAttributes(typeof(NeedsAttribute), true) is [NeedsAttribute { Missing: not null }]) return;
        journal = await ConnectAsync();
        await journal.OpenAsync(default);
    }

    public virtual async Task DisposeAsync()
    {
        if (journal is not null) await journal.DisposeAsync();
    }

    [SuiteFact]
    public async Task What_is_written_is_read_and_listed_by_key()
    {
        Assert.True(await Records.WriteAsync([Put("b/2", 0, "two"), Put("a/1", 0, "one"), Put("b/1", 0, "three")], default));
        Assert.Equal("two", Text((await Records.FindAsync(Kind, "b/2", default))!));
        Assert.Null(await Records.FindAsync("other", "b/2", default));
        Assert.Equal(["a/1", "b/1", "b/2"], await KeysAsync("", null));
        Assert.Equal(["b/1", "b/2"], await KeysAsync("b/", null));
        Assert.Equal(["b/2"], await KeysAsync("b/", "b/1"));
    }

    [SuiteFact]
    public async Task One_moved_record_refuses_all_writes()
    {
        await Records.WriteAsync([Put("a", 0, "1"), Put("b", 0, "1")], default);
        Assert.True(await Records.WriteAsync([Put("a", 1, "2")], default));
        Assert.False(await Records.WriteAsync([Put("b", 1, "2"), Put("a", 1, "3")], default));
        Assert.False(await Records.WriteAsync([Put("b", 1, "2"), Put("a", 0, "3")], default));
        Assert.False(await Records.WriteAsync([Put("b", 1, "2"), Gone("c", 1)], default));
        Assert.Equal("1", Text((await Records.FindAsync(Kind, "b", default))!));
        Assert.Equal(2, (await Records.FindAsync(Kind, "a", default))!.Version);
    }

    [SuiteFact]
    public async Task What_is_removed_is_gone_and_may_come_again()
    {
        await Records.WriteAsync([Put("a", 0, "1")], default);
        Assert.False(await Records.WriteAsync([Gone("a", 2)], default));
        Assert.True(await Records.WriteAsync([Gone("a", 1)], default));
        Assert.Null(await Records.FindAsync(Kind, "a", default));
        Assert.True(await Records.WriteAsync([Put("a", 0, "again")], default));
    }

    [SuiteFact]
    public async Task Of_many_who_write_the_same_version_one_wins()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Records.WriteAsync([Put("lease", 0, $"{i}")], default))));
        Assert.Single(won, true);
    }

    private async Task<IEnumerable<string>> KeysAsync(string prefix, string? after) =>
        (await Records.ListAsync(Kind, prefix, after, 10, default)).Select(record => record.Key);

    private static RecordWrite Put(string key, long version, string text) => new(Kind, key, version, Encoding.UTF8.GetBytes($"\"{text}\""));

    private static RecordWrite Gone(string key, long version) => new(Kind, key, version, null);

    private static string Text(StoredRecord record) => Encoding.UTF8.GetString(record.Document.Span).Trim('"');
}

public sealed class InMemoryRecordsTests : RecordsSuite
{
    protected override Task<IStore> ConnectAsync() => Task.FromResult<IStore>(new InMemoryStore());
}

public sealed class SqliteRecordsTests : RecordsSuite
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"records-{Guid.NewGuid():n}");

    protected override Task<IStore> ConnectAsync() => Task.FromResult<IStore>(new SqliteStore(Path.Combine(folder, "journal.db")));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

[NeedsPostgres]
public sealed class PostgresRecordsTests : RecordsSuite
{
    protected override async Task<IStore> ConnectAsync() => new PostgresStore(await PostgresServer.Shared.CreateDatabaseAsync());
}
