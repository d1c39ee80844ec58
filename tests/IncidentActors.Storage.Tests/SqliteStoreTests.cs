using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Storage.Sqlite;
using IncidentActors.Testing;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Storage.Tests;

public sealed class SqliteStoreTests : StoreSuite
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"journal-{Guid.NewGuid():n}");

    private string File => Path.Combine(folder, "journal.db");

    protected override Task CreateStoreAsync() => Task.CompletedTask;

    protected override IStore Connect() => Opened ?? new SqliteStore(File);

    protected override Task DropStoreAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_second_process_is_refused_with_the_name_of_the_lock_file()
    {
        await using var second = new SqliteStore(File);
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => second.OpenAsync(None));
        Assert.True(error.NotApplied);
        Assert.Contains(File + "-lock", error.Message, StringComparison.Ordinal);
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
    }

    [Fact]
    public async Task A_schema_from_the_future_is_refused_and_left_alone()
    {
        await Journal.DisposeAsync();
        Execute("insert into schema_version values (999, '999_future.sql', '')");
        var before = System.IO.File.ReadAllBytes(File);
        await using var old = new SqliteStore(File);
        var error = await Assert.ThrowsAsync<JournalSchemaException>(() => old.OpenAsync(None));
        Assert.Contains("999", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        var file = Path.Combine(folder, "notes.txt");
        System.IO.File.WriteAllText(file, new string('x', 5000));
        await using var journal = new SqliteStore(file);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.OpenAsync(None));
    }

    [Fact]
    public async Task A_closed_journal_says_so()
    {
        await Journal.DisposeAsync();
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => CommitAsync(Given.Turn(Given.Atp(1), 0)));
        Assert.True(error.NotApplied);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.LoadAsync(Given.Atp(1), None));
    }

    [Fact]
    public async Task A_message_id_that_exists_fails_the_call_as_a_whole()
    {
        await MustCommitAsync(Given.Turn() with { Messages = [Given.Message("m", "@dev")] });
        await Assert.ThrowsAsync<InvalidOperationException>(() => Journal.CommitAsync(
            [Given.Turn(Given.Atp(1), 0), Given.Turn() with { Messages = [Given.Message("m", "@dev")] }], None));
        Assert.Equal(0, await VersionAsync(Given.Atp(1)));
    }

    [Fact]
    public async Task A_disk_that_was_gone_for_a_while_is_written_and_copied_to_again()
    {
        await Journal.DisposeAsync();
        await using var journal = new SqliteStore(File);
        await journal.OpenAsync(None);
        var away = folder + "-away";
        Directory.Move(folder, away);

        // The thread that copies the log looks five times within this.
        for (var i = 0; i < 25; i++)
        {
            var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.CommitAsync([Given.Turn(Given.Atp(1), 0)], None));
            Assert.True(error.NotApplied);
            await Eventually.RealTimeAsync(TimeSpan.FromMilliseconds(20));
        }

        Assert.False(Directory.Exists(folder));
        Directory.Move(away, folder);
        var before = new FileInfo(File).Length;
        for (var i = 0; new FileInfo(File).Length == before; i++)
        {
            Assert.True(i < 10_000, "the log is not copied into the database any more");
            Assert.IsType<Committed>(Assert.Single(await journal.CommitAsync([Given.Turn(Given.Atp(i), 0)], None)));
        }
    }

    [Fact]
    public async Task A_commit_into_a_file_that_was_deleted_is_refused()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        System.IO.File.Delete(File);
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => CommitAsync(Given.Turn(Given.Atp(2), 0)));
        Assert.True(error.NotApplied);
        Assert.Contains("gone", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.PingAsync(None));
    }

    /// <summary>A page fits into the log's old space on a full disk, where no turn can be committed.</summary>
    [Fact]
    public async Task After_a_failed_commit_a_ping_fails_until_the_disk_takes_more_than_a_page()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        var trial = Directory.CreateDirectory(File + "-trial");
        await Journal.PingAsync(None);
        Run("create trigger full before insert on events begin select raise(fail, 'database or disk is full'); end");
        await Assert.ThrowsAsync<InvalidOperationException>(() => CommitAsync(Given.Turn(Given.Atp(2), 0)));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.PingAsync(None));
        trial.Delete();
        await Journal.PingAsync(None);
        Run("drop trigger full");
        await MustCommitAsync(Given.Turn(Given.Atp(2), 0));

        void Run(string sql)
        {
            using var beside = new SqliteConnection($"Data Source={File};Pooling=False");
            beside.Open();
            using var command = beside.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>A transaction that writes no page succeeds on a full disk, where no turn can be committed.</summary>
    [Fact]
    public async Task A_ping_writes_as_a_turn_does_and_changes_nothing()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        using var beside = new SqliteConnection($"Data Source={File};Pooling=False");
        beside.Open();
        var (written, epoch) = (Number("pragma data_version"), Number("select epoch from fence"));
        await Journal.PingAsync(None);
        Assert.NotEqual(written, Number("pragma data_version"));
        Assert.Equal(epoch, Number("select epoch from fence"));

        long Number(string sql)
        {
            using var command = beside.CreateCommand();
            command.CommandText = sql;
            return (long)command.ExecuteScalar()!;
        }
    }

    /// <summary>What the fence does not check any more is not read as a halt that stands: a verification sees it.</summary>
    [Fact]
    public async Task A_halt_that_was_lifted_by_hand_is_read_as_lifted()
    {
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All)));
        Execute("update halts set lifted_at = raised_at");
        var lines = await Journal.ReadAllAsync(None).ToListAsync();
        Assert.NotNull(Assert.Single(lines.OfType<HaltLine>()).Halt.LiftedAt);
    }

    /// <summary>Whoever has not the right to write is not sent to look for a process that there is not.</summary>
    [Fact]
    public async Task A_lock_file_that_may_not_be_written_is_told_as_that()
    {
        var path = Path.Combine(folder, "another.db");
        Directory.CreateDirectory(path + "-lock");
        await using var journal = new SqliteStore(path);
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.OpenAsync(None));
        Assert.DoesNotContain("process", error.Message, StringComparison.Ordinal);
        Assert.Contains(path + "-lock", error.Message, StringComparison.Ordinal);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
