using System.Collections.Concurrent;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Storage.Postgres;
using Npgsql;

namespace IncidentActors.Storage.Tests;

[NeedsPostgres]
public sealed class PostgresStoreTests : StoreSuite
{
    private string database = "";

    protected override async Task CreateStoreAsync() => database = await PostgresServer.Shared.CreateDatabaseAsync();

    protected override IStore Connect() => new PostgresStore(database);

    protected override Task DropStoreAsync() => Task.CompletedTask;

    protected override async Task FeedCaughtUpAsync()
    {
        const string Held = "select count(*) from events, fence where tx >= era + pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
        await Eventually.TrueAsync(async () => await ScalarAsync(Held) is 0L, "the end of every older transaction");
    }

    [SuiteFact]
    public async Task Nodes_hear_each_other()
    {
        using var heard = new BlockingCollection<JournalSignal>();
        await using var other = new PostgresStore(database);
        other.Signaled += heard.Add;
        await other.OpenAsync(None);

        // A node that begins to listen hears everything once, because it may have missed it.
        Await(JournalSignal.Halt, JournalSignal.WakeUp, JournalSignal.Feed);
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        Await(JournalSignal.Feed);
        await MustCommitAsync(Given.Turn() with { Effects = [Given.Effect("e")] });
        Await(JournalSignal.WakeUp);
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All)));
        Await(JournalSignal.Halt);

        void Await(params JournalSignal[] signals)
        {
            var missing = signals.ToHashSet();
            while (missing.Count > 0)
            {
                Assert.True(heard.TryTake(out var signal, Eventually.Deadline), $"not heard: {string.Join(", ", missing)}");
                missing.Remove(signal);
            }
        }
    }

    [SuiteFact]
    public async Task Nodes_that_open_an_empty_database_together_make_one_schema()
    {
        database = await PostgresServer.Shared.CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(AnotherNodeAsync)));
        var scripts = typeof(PostgresStore).Assembly
            .GetManifestResourceNames()
            .LongCount(name => name.Contains(".Postgres.Scripts.", StringComparison.Ordinal));
        Assert.Equal(scripts, await ScalarAsync("select count(*) from schema_version"));
    }

    [SuiteFact]
    public async Task A_schema_from_the_future_is_refused_and_left_alone()
    {
        await ScalarAsync("insert into schema_version values (999, '999_future.sql', now())");
        var old = Connect();
        var error = await Assert.ThrowsAsync<JournalSchemaException>(() => old.OpenAsync(None));
        Assert.Contains("999", error.Message, StringComparison.Ordinal);
        await old.DisposeAsync();
    }

    [SuiteFact]
    public async Task A_database_that_is_not_there_is_told_without_its_password()
    {
        await using var nowhere = new PostgresStore("Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d;Timeout=2");
        Assert.DoesNotContain("secret", nowhere.Description, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => nowhere.OpenAsync(None));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<JournalUnavailableException>(() => nowhere.CommitAsync([Given.Turn()], None));
        Assert.True(error.NotApplied);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => nowhere.LoadAsync(Given.Atp(1), None));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => nowhere.PingAsync(None));
    }

    [SuiteFact]
    public async Task A_restored_dump_shows_its_whole_feed_and_goes_on()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        await ScalarAsync("update events set tx = tx + 1000000000");
        Assert.Empty((await Journal.FeedAsync(null, 10, null, None)).Events);
        await ReopenAsync();
        await MustCommitAsync(Given.Turn(Given.Atp(1), 1));
        Assert.Equal([1, 2], (await WholeFeedAsync()).Select(one => one.Version));
    }

    [SuiteFact]
    public async Task A_commit_whose_answer_was_lost_is_settled_and_told()
    {
        await using var proxy = new LosingProxy(new NpgsqlConnectionStringBuilder(database).Port);
        await using var node = new PostgresStore(new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ToString());
        await node.OpenAsync(None);
        Assert.IsType<Committed>(Assert.Single(await node.CommitAsync([Given.Turn(Given.Atp(1), 0)], None)));

        proxy.LoseAnswerTo("AT-0002");
        var results = await node.CommitAsync([Given.Turn(Given.Atp(1), 1, 2), Given.Turn(), Given.Turn(Given.Atp(2), 0)], None);

        Assert.Equal(3, await VersionAsync(Given.Atp(1)));
        var feed = await WholeFeedAsync();
        Assert.Equal([feed[1].Position, 0, feed[3].Position], results.Cast<Committed>().Select(committed => committed.Position));
        Assert.IsType<Committed>(Assert.Single(await node.CommitAsync([Given.Turn(Given.Atp(1), 3)], None)));
    }

    [SuiteFact]
    public async Task A_commit_that_never_arrived_is_made_again_though_the_answer_to_whether_it_did_was_lost_too()
    {
        await using var proxy = new LosingProxy(new NpgsqlConnectionStringBuilder(database).Port);
        await using var node = new PostgresStore(new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ToString());
        await node.OpenAsync(None);
        await node.CommitAsync([Given.Turn(Given.Atp(1), 0)], None);

        proxy.LoseRequest("AT-0001");
        proxy.LoseAnswerTo("update lanes");
        Assert.IsType<Committed>(Assert.Single(await node.CommitAsync([Given.Turn(Given.Atp(1), 1)], None)));
        Assert.Equal(2, await VersionAsync(Given.Atp(1)));
    }

    [SuiteFact]
    public async Task A_commit_that_cannot_be_settled_says_that_its_outcome_is_unknown()
    {
        await using var proxy = new LosingProxy(new NpgsqlConnectionStringBuilder(database).Port);

        await using var node = new PostgresStore(
            new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ToString(), settleWithin: TimeSpan.FromMilliseconds(200));
        await node.OpenAsync(None);
        await node.CommitAsync([Given.Turn(Given.Atp(1), 0)], None);

        proxy.LoseAnswerTo("AT-0001", thenRefuse: true);
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => node.CommitAsync([Given.Turn(Given.Atp(1), 1)], None));
        Assert.False(error.NotApplied);
        error = await Assert.ThrowsAsync<JournalUnavailableException>(() => node.CommitAsync([Given.Turn(Given.Atp(1), 2)], None));
        Assert.True(error.NotApplied);
    }

    [SuiteFact]
    public async Task A_commit_that_was_killed_before_its_end_is_made_again()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        await using var blocker = new NpgsqlConnection(database);
        await blocker.OpenAsync();
        await ScalarAsync("begin; select pg_advisory_xact_lock(7310579618340464)", blocker);
        var commit = CommitAsync(Given.Turn(Given.Atp(1), 1));

        // Of this test's own database: the server shows the locks of all, and other tests run beside this one.
        const string Waiting =
            "pid from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())";
        while (await ScalarAsync($"select {Waiting}") is null) await Task.Yield();
        await ScalarAsync($"select pg_terminate_backend(pid) from (select {Waiting}) as waiting");
        await ScalarAsync("rollback", blocker);
        Assert.IsType<Committed>(await commit.EndsAsync("the commit"));
        Assert.Equal(2, await VersionAsync(Given.Atp(1)));
    }

    [SuiteFact]
    public async Task A_message_id_that_exists_fails_its_transaction_as_a_whole()
    {
        await MustCommitAsync(Given.Turn() with { Messages = [Given.Message("m", "@dev")] });
        await Assert.ThrowsAsync<InvalidOperationException>(() => Journal.CommitAsync(
            [Given.Turn(Given.Atp(1), 0), Given.Turn() with { Messages = [Given.Message("m", "@dev")] }], None));
        Assert.Equal(0, await VersionAsync(Given.Atp(1)));
    }

    [SuiteFact]
    public async Task A_transaction_that_fails_behind_one_that_did_not_says_that_the_outcome_is_unknown()
    {
        await MustCommitAsync(Given.Turn() with { Messages = [Given.Message("m", "@dev")] });
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.CommitAsync(
            [Given.Turn(Given.Atp(1), 0), Given.Raising(Given.HaltOf(HaltScope.All)), Given.Turn() with { Messages = [Given.Message("m", "@dev")] }],
            None));
        Assert.False(error.NotApplied);
        Assert.Equal(1, await VersionAsync(Given.Atp(1)));
    }

    [SuiteFact]
    public async Task People_see_the_journal_in_views()
    {
        var append = Given.Append(ActorId.Incident("INC-1"), 0) with { Document = Given.Json("""{"title":"a\u0000b \\u0000"}""") };
        await MustCommitAsync(Given.Turn() with { Appends = [append] });
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All)));
        Assert.Equal("a\u2400b \\u2400", await ScalarAsync("select title from incidents where id = 'INC-1'"));
        Assert.Equal("all @pm drill", await ScalarAsync("select concat_ws(' ', scope, raised_by, reason) from halts_view"));
        Assert.Equal(Given.Noon.UtcDateTime, await ScalarAsync("select at from events_view order by position limit 1"));
        foreach (var view in new[] { "atps", "agents", "approvals", "effects_view", "messages_view" })
            await ScalarAsync($"select * from {view}");
    }

    private async Task<object?> ScalarAsync(string sql, NpgsqlConnection? on = null)
    {
        await using var own = on is null ? new NpgsqlConnection(database) : null;
        if (own is not null) await own.OpenAsync();
        await using var command = new NpgsqlCommand(sql, on ?? own);
        return await command.ExecuteScalarAsync();
    }
}
