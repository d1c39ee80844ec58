using System.Data.Common;
using System.Globalization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Engine.Seals;
using IncidentActors.Storage.Postgres;
using IncidentActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IncidentActors.Storage.Tests.Seals;

/// <summary>Somebody who writes the database changes the history: a verification finds it, or docs/SECURITY.md says that it does not.</summary>
public abstract class TamperSuite : IAsyncLifetime
{
    private static readonly string[] Tables = ["events", "actors", "messages", "halts", "claims"];
    private static readonly EngineOptions Options = new() { Node = "one", SealInterval = null };

    private IStore journal = null!;

    /// <summary>Columns of the tables that no verification covers.</summary>
    protected abstract string[] NotCovered { get; }

    protected abstract IStore Connect();

    protected abstract Task<DbConnection> ConnectBesideAsync();

    /// <summary>The columns of events that make their order.</summary>
    protected abstract string Place { get; }

    /// <summary>What is said of an event before all others.</summary>
    protected abstract string Inserted { get; }

    /// <summary>A place before all events.</summary>
    protected abstract string Before { get; }

    /// <summary>Name and type of a table's columns.</summary>
    protected abstract string ColumnsOf(string table);

    /// <summary>The address of a row that no change of its columns moves, as SQL.</summary>
    protected abstract string RowId(string table);

    public virtual async Task InitializeAsync()
    {
        journal = Connect();
        await journal.OpenAsync(default);
        await WorkedJournal.FillAsync(journal, Options);
    }

    public virtual async Task DisposeAsync() => await journal.DisposeAsync();

    [SuiteFact]
    public async Task Every_column_of_every_row_is_covered_or_listed()
    {
        await using var sealer = new Sealer(journal, Options, NullLogger.Instance);
        await SealAllAsync(sealer);
        await ArchiveAsync();
        await SealAllAsync(sealer);
        await WholeAsync();
        var missed = new SortedSet<string>(StringComparer.Ordinal);
        await using var beside = await ConnectBesideAsync();
        foreach (var table in Tables)
        {
            await RunAsync(beside, $"create table kept as select * from {table}");
            var rows = Convert.ToInt32(await RunAsync(beside, $"select count(*) from {table}"), CultureInfo.InvariantCulture);
            Assert.NotEqual(0, rows);
            foreach (var (column, type) in await ColumnsAsync(beside, table))
            {
                for (var row = 0; row < rows; row++)
                {
                    await TryAsync(table, $"update {table} set {column} = {Other(table, column, type)} where {Row(table, row)}", $"{table}.{column}");
                }
            }

            for (var row = 0; row < rows; row++) await TryAsync(table, $"delete from {table} where {Row(table, row)}", $"a row of {table}");
            await RunAsync(beside, "drop table kept");
        }

        Assert.Equal(NotCovered, missed);
        var documented = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "SECURITY.md"));
        Assert.All(NotCovered, column => Assert.Contains($"`{column}`", documented, StringComparison.Ordinal));
        await WholeAsync();

        async Task TryAsync(string table, string tamper, string what)
        {
            await RunAsync(beside, tamper);
            if ((await ReportAsync()).Whole) missed.Add(what);
            await RunAsync(beside, $"delete from {table}");
            await RunAsync(beside, $"insert into {table} select * from kept");
        }
    }

    [SuiteFact]
    public async Task An_inserted_event_and_a_changed_seal_are_named()
    {
        await using var sealer = new Sealer(journal, Options, NullLogger.Instance);
        await SealAllAsync(sealer);
        await using var beside = await ConnectBesideAsync();
        await RunAsync(beside, $"update events set at = at + 1 where name = 'approval.decided.v1'");
        Assert.Contains("was changed or moved", Text(await ReportAsync()), StringComparison.Ordinal);
        await RunAsync(beside, $"update events set at = at - 1 where name = 'approval.decided.v1'");
        await WholeAsync();
        await RunAsync(
            beside,
            $"insert into events ({Place}, actor, version, name, at, by, payload) select {Before}, actor, 1000, name, at, by, payload from events "
            + "where name = 'approval.decided.v1'");
        Assert.Contains(Inserted, Text(await ReportAsync()), StringComparison.Ordinal);
        await RunAsync(beside, "delete from events where version = 1000");
        await WholeAsync();
        await RunAsync(beside, "delete from records where kind = 'seal-head'");
        Assert.Contains("the end of the chain is missing", Text(await ReportAsync()), StringComparison.Ordinal);
        await RunAsync(beside, "delete from records where kind = 'seal'");
        Assert.Contains("no event is sealed yet", Text(await ReportAsync()), StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task A_document_that_lacks_everything_is_named()
    {
        await using var beside = await ConnectBesideAsync();
        await RunAsync(beside, "update messages set document = '{}'");
        var report = await ReportAsync();
        Assert.False(report.Whole);
        Assert.Contains("✗", Text(report), StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task Two_sealers_make_one_chain_and_it_goes_on_after_a_restart()
    {
        await using var other = new Sealer(journal, Options with { Node = "two" }, NullLogger.Instance);
        await using (var one = new Sealer(journal, Options, NullLogger.Instance))
        {
            for (var i = 0; i < 30; i++)
            {
                Assert.IsType<Committed>((await journal.CommitAsync([Given.Turn(Given.Atp(i), 0)], default))[0]);
                await Task.WhenAll(one.SealAsync(default), other.SealAsync(default));

                // The feed of PostgreSQL waits for other transactions of the server, so all events could come into one seal.
                if (i == 15) await Eventually.TrueAsync(async () => await one.SealAsync(default) > 0 || await SealedAsync(), "a first seal");
            }
        }

        await SealAllAsync(other);
        var before = await SealVerification.RunAsync(journal, [], default);
        Assert.Empty(before.Problems);
        Assert.True(before.Seals > 1);

        await journal.DisposeAsync();
        journal = Connect();
        await journal.OpenAsync(default);
        Assert.IsType<Committed>((await journal.CommitAsync([Given.Turn(Given.Atp(99), 0)], default))[0]);
        await using var next = new Sealer(journal, Options, NullLogger.Instance);
        await SealAllAsync(next);
        var after = await SealVerification.RunAsync(journal, [], default);
        Assert.Empty(after.Problems);
        Assert.Equal(before.Events + 1, after.Events);
    }

    private async Task<bool> SealedAsync() => (await SealChain.HeadAsync(journal, default)).Head is not null;

    /// <summary>PostgreSQL's feed shows an event when all older transactions of the whole server are over, so not at once.</summary>
    private Task SealAllAsync(Sealer sealer) => Eventually.TrueAsync(
        async () =>
        {
            await sealer.SealAsync(default);
            var events = await journal.ReadAllAsync(default).CountAsync(static line => line is EventLine);
            var verified = await SealVerification.RunAsync(journal, [], default);
            return verified.Events == events + verified.Archived;
        },
        "everything is sealed");

    /// <summary>Another incident, so that what an archive leaves is covered too.</summary>
    private async Task ArchiveAsync()
    {
        string incident;
        await using (var actors = new InProcessActors(journal, Options, NullLogger.Instance))
        {
            await actors.Turns.RefreshHaltsAsync(default);
            foreach (var halt in await journal.HaltsAsync(null, default))
                Assert.IsType<Accepted>(await actors.Halt(halt.Id).DoAsync(new LiftHalt(), ClosedIncident.By("@operator")));
            var declared = await actors.Declarations.DeclareAsync(new DeclareIncident("mail is slow", Severity.Sev3), ClosedIncident.By("@qa"));
            incident = Assert.IsType<Accepted>(declared).Answer.GetProperty("id").GetString()!;
        }

        await ClosedIncident.CloseAsync(journal, Options, incident);
        await using var sealer = new Sealer(journal, Options, NullLogger.Instance);
        await SealAllAsync(sealer);
        var archive = new IncidentArchive(journal, TimeProvider.System);
        await archive.RemoveAsync(await archive.MakeAsync(incident, default), "INC.json", null, default);
        Assert.NotNull(await archive.FindAsync(incident, default));
    }

    private Task<JournalReport> ReportAsync() => JournalReport.MakeAsync(journal, [], default);

    private async Task WholeAsync()
    {
        var report = await ReportAsync();
        Assert.True(report.Whole, Text(report));
    }

    private static string Text(JournalReport report) => string.Join('\n', report.Lines);

    private string Row(string table, int row) => $"{RowId(table)} = (select {RowId(table)} from {table} order by {RowId(table)} limit 1 offset {row})";

    /// <summary>Another value that the column could hold.</summary>
    private static string Other(string table, string column, string type) => (table, column, type) switch
    {
        (_, "ack_notes", "json") => "'\"other\"'::json",
        ("messages", "document", _) => Json("\"body\":\""),
        ("halts", "document", _) => Json("\"reason\":\""),
        (_, _, "json") => "(coalesce(#::text, '\"x\"') || ' ')::json".Replace("#", column, StringComparison.Ordinal),
        (_, _, "boolean") => $"not {column}",
        (_, _, "text" or "TEXT") => $"coalesce({column}, '') || 'x'",
        _ => $"coalesce({column}, 0) + 100000",
    };

    private static string Json(string member) => $"{{0}}replace(cast(document as text), '{member}', '{member}x'){{1}}";

    private async Task<List<(string Name, string Type)>> ColumnsAsync(DbConnection connection, string table)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = ColumnsOf(table);
        await using var rows = await command.ExecuteReaderAsync();
        var columns = new List<(string, string)>();
        while (await rows.ReadAsync()) columns.Add((rows.GetString(0), rows.GetString(1)));
        return columns;
    }

    private async Task<object?> RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Dialect(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Completes what <see cref="Json"/> left open.</summary>
    protected abstract string Dialect(string sql);
}

public sealed class SqliteTamperTests : TamperSuite
{
    private readonly string folder = Directory.CreateTempSubdirectory("tampered-").FullName;

    protected override string Place => "position";

    protected override string Before => "-1";

    /// <summary>Positions are numbers of rows: only before the first one is room.</summary>
    protected override string Inserted => "a row cannot be read";

    protected override string[] NotCovered => ["halts.no", "messages.no"];

    protected override string RowId(string table) => table == "claims" ? "name" : "rowid";

    protected override IStore Connect() => new SqliteStore(Path.Combine(folder, "journal.db"));

    protected override async Task<DbConnection> ConnectBesideAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    protected override string ColumnsOf(string table) => $"select name, type from pragma_table_info('{table}')";

    protected override string Dialect(string sql) =>
        sql.Replace("{0}", "", StringComparison.Ordinal).Replace("{1}", "", StringComparison.Ordinal);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

[NeedsPostgres]
public sealed class PostgresTamperTests : TamperSuite
{
    private string database = "";

    protected override string Place => "tx, position";

    protected override string Before => "-1, 0";

    protected override string Inserted => "1 events were inserted";

    protected override string[] NotCovered => ["actors.born", "halts.no", "messages.no"];

    protected override string RowId(string table) => "ctid";

    public override async Task InitializeAsync()
    {
        database = await PostgresServer.Shared.CreateDatabaseAsync();
        await base.InitializeAsync();
    }

    protected override IStore Connect() => new PostgresStore(database);

    protected override async Task<DbConnection> ConnectBesideAsync()
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        return connection;
    }

    protected override string ColumnsOf(string table) =>
        $"select column_name::text, data_type::text from information_schema.columns where table_name = '{table}' and table_schema = 'public'";

    protected override string Dialect(string sql) =>
        sql.Replace("{0}", "(", StringComparison.Ordinal).Replace("{1}", ")::json", StringComparison.Ordinal);
}
