using IncidentActors.Server.Hosting;
using IncidentActors.Server.Maintenance;
using IncidentActors.Server.Tests.Http;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Server.Tests.Maintenance;

/// <summary>A team moves here with its work from another tool: times, words and order are kept.</summary>
public sealed class WorkImportTests
{
    private const string Work = """
        {"kind":"message","atpId":8,"from":"@pm","to":"@dev","type":"Directive","priority":"P2-High","subject":"Build","body":"It","at":"2026-02-01T10:00:02Z"}
        {"kind":"atp","id":8,"title":"Login form","status":"in_progress","owner":"@dev","createdBy":"@pm","createdAt":"2026-02-01T10:00:00Z","risk":"low"}
        {"kind":"event","atpId":8,"status":"InProgress","by":"@dev","at":"2026-02-01T11:00:00Z"}
        {"kind":"artifact","atpId":8,"type":"TestReport","title":"Tests","content":"## Result\ngreen","by":"@qa","at":"2026-02-01T12:00:00Z"}
        {"kind":"atp","id":"9","title":"Old","status":"Closed","createdBy":"@pm","createdAt":"2026-02-02T10:00:00Z","closedAt":"2026-02-03T10:00:00Z"}
        {"kind":"message","atpId":9,"from":"@dev","to":"@pm","type":"Sonnet","subject":"Done","body":"x","at":"2026-02-02T11:00:00Z"}
        {"kind":"message","from":"@operator","to":"@pm","type":"HITL","subject":"Hello","body":"x","at":"2026-02-02T12:00:00Z","ackedAt":"2026-02-02T13:00:00Z"}
        """;

    [Fact]
    public async Task Work_is_imported_with_its_times()
    {
        var folder = Directory.CreateTempSubdirectory("incident-import-").FullName;
        Assert.Equal(0, await JournalCommand.RunAsync(["import-work", await FileAsync(Work), "--data", folder], default));
        await using var server = await ServerUnderTest.StartAsync(null, options => options with { Data = folder });

        var atp = (await server.GetAsync("/api/atps/8")).IsOk().Json;
        Assert.Equal(("InProgress", "@dev", "low"), (atp.Text("status"), atp.Text("owner"), atp.GetProperty("details").Text("risk")));
        Assert.Equal(["2026-02-01T10:00:00+00:00", "2026-02-01T11:00:00+00:00"], atp.List("history").Select(entry => entry.Text("at")));
        Assert.Equal("TestReport", Assert.Single(atp.List("artifacts")).Text("type"));
        Assert.Equal("Build", Assert.Single((await server.GetAsync("/api/agents/@dev/inbox")).IsOk().Json.List("messages")).Text("subject"));
        Assert.Empty((await server.GetAsync("/api/agents/@pm/inbox")).IsOk().Json.List("messages"));
        Assert.Equal("2026-02-03T10:00:00+00:00", (await server.GetAsync("/api/atps/9")).IsOk().Json.Text("closedAt"));
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = 8, status = "Complete" })).IsOk();
    }

    /// <summary>The tables of the <c>governance</c> tools' database, with the columns that are read.</summary>
    private const string Database = """
        CREATE TABLE ATPs (atp_id INTEGER PRIMARY KEY, uow_id INTEGER, title TEXT, description TEXT, agent_id TEXT, status TEXT, priority INTEGER,
            dependencies TEXT, metadata TEXT, created_at DATETIME, updated_at DATETIME, stage TEXT);
        CREATE TABLE Messages (message_id TEXT PRIMARY KEY, role TEXT, status TEXT, agent_id TEXT, atp_id TEXT, content_blocks TEXT,
            created_at DATETIME, executed_at DATETIME);
        CREATE TABLE Artifacts (artifact_id INTEGER PRIMARY KEY, artifact_type TEXT, location_pointer TEXT, atp_id TEXT, title TEXT, content TEXT,
            created_at DATETIME);
        CREATE TABLE TimelineEvents (event_id INTEGER PRIMARY KEY, atp_id TEXT, timestamp DATETIME, event_type TEXT, agent TEXT, details TEXT);
        INSERT INTO ATPs VALUES
            (5, 1, 'Set up', 'The beginning', '', 'success', 1, '[]', '{"phase":"P0","owner":"@Dev","acceptanceCriteria":["builds"]}',
                '2026-01-31T22:09:10.483Z', '2026-02-02T10:00:00.000Z', 'done'),
            (8, 1, 'Database', 'Tables', NULL, 'in_progress', 1, '[5,9]', '{"owner":"@Dev"}', '2026-01-31 22:12:14', '2026-02-08 02:51:08', 'implement'),
            (9, 1, 'Server', 'Express', NULL, 'pending', 1, '[8]', NULL, '2026-01-31 22:13:13', '2026-01-31 22:13:13', 'backlog');
        INSERT INTO Messages VALUES
            ('a', 'assistant', 'complete', '@pm', '8',
                '[{"type":"text","content":"From: @pm\nTo: @dev\nSubject: Directive: Database\nPriority: P2-High\n\nDo it"}]',
                '2026-02-01T18:00:00.000Z', NULL),
            ('b', 'assistant', 'complete', '@pm', '5', '[{"type":"text","content":"From: @pm\nTo: @operator\nSubject: ATP Closed: 5\n\nDone"}]',
                '2026-02-02T10:00:30.000Z', NULL),
            ('c', 'assistant', 'pending', '@Dev', 'ATP-8', '[{"type":"text","content":"## Working on it"}]', '2026-02-03T10:00:00.000Z', NULL);
        INSERT INTO Artifacts VALUES (1, 'PMVerificationReport', 'reports/5.md', 'ATP-5', 'Report', NULL, '2026-02-02 09:59:00');
        INSERT INTO TimelineEvents VALUES
            (1, '8', '2026-02-01T18:00:00.000Z', 'message_sent', '@pm', NULL),
            (2, '5', '2026-02-02T10:00:00.000Z', 'execution_completed', '@pm', '{"newStatus":"success","stage":"done"}'),
            (3, '8', '2026-02-01T19:00:00.000Z', 'execution_started', '@Dev', '{"newStatus":"running","stage":"implement"}');
        """;

    [Fact]
    public async Task The_database_of_the_governance_tools_is_imported_with_its_times()
    {
        var folder = Directory.CreateTempSubdirectory("incident-import-").FullName;
        var path = Path.Combine(folder, "tcs.sqlite");
        await using (var database = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText = Database;
            await command.ExecuteNonQueryAsync();
        }

        Directory.CreateDirectory(Path.Combine(folder, "reports"));
        await File.WriteAllTextAsync(Path.Combine(folder, "reports", "5.md"), "### Verified\nIt builds");
        var data = Path.Combine(folder, "data");
        Assert.Equal(0, await JournalCommand.RunAsync(["import-work", path, "--data", data], default));
        await using var server = await ServerUnderTest.StartAsync(null, options => options with { Data = data });

        var done = (await server.GetAsync("/api/atps/5")).IsOk().Json;
        Assert.Equal(("Closed", "@dev", "2026-02-02T10:00:00+00:00"), (done.Text("status"), done.Text("owner"), done.Text("closedAt")));
        var details = done.GetProperty("details");
        Assert.Equal(("P0", "- builds", "1"), (details.Text("phase"), details.Text("acceptanceCriteria"), details.Text("uowId")));
        Assert.Equal(22, Assert.Single(done.List("artifacts"), one => one.Text("type") == "PMVerificationReport").GetProperty("length").GetInt32());
        var open = (await server.GetAsync("/api/atps/8")).IsOk().Json;
        Assert.Equal("InProgress 2026-02-01T19:00:00+00:00", open.List("history").Select(entry => $"{entry.Text("to")} {entry.Text("at")}").Last());
        Assert.Equal("Log", Assert.Single(open.List("artifacts")).Text("type"));
        Assert.Equal("9", Assert.Single(open.List("waitsFor")).GetString());
        Assert.Equal("9", Assert.Single(open.List("awaitedBy")).GetString());
        var message = Assert.Single((await server.GetAsync("/api/agents/@dev/inbox")).IsOk().Json.List("messages"));
        Assert.Equal(
            ("Directive", "P2-Normal", "2026-02-01T18:00:00+00:00"), (message.Text("type"), message.Text("priority"), message.Text("sentAt")));
        Assert.Empty((await server.GetAsync("/api/agents/@operator/inbox")).IsOk().Json.List("messages"));
    }

    [Theory]
    [InlineData("{\"kind\":\"atp\",\"title\":\"x\",\"createdAt\":\"2026-02-01T10:00:00Z\"}", "Line 1 cannot be imported: the ATP has no id")]
    [InlineData("{\"kind\":\"message\",\"atpId\":8}", "Line 1 cannot be imported: it has no time")]
    [InlineData("text", "Line 1 cannot be imported")]
    public async Task A_line_that_cannot_be_read_is_named_and_nothing_is_imported(string line, string told)
    {
        var folder = Directory.CreateTempSubdirectory("incident-import-").FullName;
        var failure = await Assert.ThrowsAsync<StartFailure>(async () =>
            await JournalCommand.RunAsync(["import-work", await FileAsync(line), "--data", folder], default));
        Assert.StartsWith(told, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await JournalCommand.RunAsync(["import-work", await FileAsync(Work), "--data", folder], default));
    }

    private static async Task<string> FileAsync(string text)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
