using System.Net;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Maintenance;
using IncidentActors.Server.Tests.Chaos;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Maintenance;

/// <summary>Who moves a journal moves its doors and its receivers with it.</summary>
public sealed class MovedJournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("moved-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Tokens_and_subscriptions_move_to_another_folder() => await MoveAsync("--data", Path.Combine(folder, "to"));

    [PostgresFact]
    public async Task Tokens_and_subscriptions_move_to_PostgreSQL_and_back()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var (secret, webhook, _) = await MoveAsync("--journal", database);
        List<string> left;
        await using (var journal = await Journals.OpenAsync(new ServerOptions { Journal = database }, default))
        {
            await new WholeFeed(database).ReadAsync(journal);
            left = await LeftAsync(journal, webhook);
        }

        var back = Path.Combine(folder, "back.jsonl");
        await RunAsync("export", back, "--journal", database);
        await RunAsync("import", back, "--data", Path.Combine(folder, "again"));
        await CheckAsync(new ServerOptions { Data = Path.Combine(folder, "again") }, secret, webhook, left);
    }

    /// <summary>Transactions of other databases hold the feed back too: whoever writes anything on the server, for however long.</summary>
    [PostgresFact]
    public async Task Subscriptions_move_to_PostgreSQL_while_somebody_else_writes_there()
    {
        var (secret, webhook, left) = await FillAsync();
        var file = Path.Combine(folder, "export.jsonl");
        await RunAsync("export", file, "--data", Path.Combine(folder, "from"));
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using (var stranger = new NpgsqlConnection(await PostgresServer.Shared.CreateDatabaseAsync()))
        {
            await stranger.OpenAsync();
            await using var transaction = await stranger.BeginTransactionAsync();
            await using var write = new NpgsqlCommand("create table theirs (number int)", stranger);
            await write.ExecuteNonQueryAsync();
            await RunAsync("import", file, "--journal", database);
            await transaction.RollbackAsync();
        }

        await CheckAsync(new ServerOptions { Data = Path.Combine(folder, "files"), Journal = database }, secret, webhook, left);
    }

    [Fact]
    public async Task Rebuilt_views_have_them_too()
    {
        var (secret, webhook, left) = await FillAsync();
        await RunAsync("rebuild-views", "--data", Path.Combine(folder, "from"), "--to-data", Path.Combine(folder, "rebuilt"));
        await CheckAsync(new ServerOptions { Data = Path.Combine(folder, "rebuilt") }, secret, webhook, left);
    }

    [Fact]
    public async Task A_broken_export_leaves_nothing_behind_and_a_full_journal_is_refused()
    {
        await FillAsync();
        var file = Path.Combine(folder, "export.jsonl");
        await RunAsync("export", file, "--data", Path.Combine(folder, "from"));
        await Assert.ThrowsAsync<StartFailure>(() => RunAsync("import", file, "--data", Path.Combine(folder, "from")));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var broken = Path.Combine(folder, "broken.jsonl");
        var lines = await File.ReadAllLinesAsync(file);
        string[] behindTheEnd = [.. lines.Select(line => line.Replace("\"after\":3", "\"after\":3000", StringComparison.Ordinal))];
        Assert.NotEqual(lines, behindTheEnd);
        foreach (var others in new[]
        {
            [.. lines, "no line"], [.. lines, lines[^2]], lines[..^1], lines[..^4], [.. lines[..^4], .. lines[^3..]], [], behindTheEnd,
        })
        {
            await File.WriteAllLinesAsync(broken, others);
            await Assert.ThrowsAsync<StartFailure>(() => RunAsync("import", broken, "--data", Path.Combine(folder, "to")));
        }

        await File.WriteAllBytesAsync(broken, [.. await File.ReadAllBytesAsync(file), 0xC3]);
        await Assert.ThrowsAsync<StartFailure>(() => RunAsync("import", broken, "--data", Path.Combine(folder, "to")));
        await RunAsync("import", file, "--data", Path.Combine(folder, "to"));
    }

    private async Task<(string Secret, string Webhook, List<string> Left)> MoveAsync(string option, string target)
    {
        var (secret, webhook, left) = await FillAsync();
        var file = Path.Combine(folder, "export.jsonl");
        await RunAsync("export", file, "--data", Path.Combine(folder, "from"));
        await RunAsync("import", file, option, target);
        await CheckAsync(
            option == "--journal" ? new ServerOptions { Data = Path.Combine(folder, "files"), Journal = target } : new ServerOptions { Data = target },
            secret, webhook, left);
        return (secret, webhook, left);
    }

    /// <summary>A journal with a token, and a subscription that has seen some of the events.</summary>
    private async Task<(string Secret, string Webhook, List<string> Left)> FillAsync()
    {
        var source = new ServerOptions { Data = Path.Combine(folder, "from") };
        string secret, webhook;
        await using (var server = await RunningServer.StartAsync(Options(source)))
        {
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            client.DefaultRequestHeaders.Add("X-Agent", "@operator");
            secret = (await PostAsync(client, "/api/tokens", """{"handle":"@operator"}""")).Json.Text("secret");
            client.DefaultRequestHeaders.Remove("X-Agent");
            client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            await PostAsync(client, "/api/incidents", """{"title":"Before","severity":"SEV-3"}""");
            webhook = (await PostAsync(client, "/api/webhooks", """{"url":"http://127.0.0.1:9/hook","events":["none.such"]}""")).Json.Text("id");
            await PostAsync(client, "/api/incidents", """{"title":"After","severity":"SEV-3"}""");
        }

        // Three events lie behind it, whatever it had passed before the server stopped.
        await using var journal = await Journals.OpenAsync(source, default);
        var records = new DeliveryRecords(journal);
        var position = (await records.PositionAsync(webhook, default))!;
        var cursor = (await journal.FeedAsync(null, 3, null, default)).Cursor;
        Assert.True(await records.AdvanceAsync(webhook, position, position.Value with { Cursor = cursor, Node = null }, [], default));
        return (secret, webhook, await LeftAsync(journal, webhook));
    }

    private static async Task CheckAsync(ServerOptions options, string secret, string webhook, List<string> left)
    {
        await using (var journal = await Journals.OpenAsync(options, default))
        {
            if (options.Journal is { } database) await new WholeFeed(database).ReadAsync(journal);
            Assert.Equal(left, await LeftAsync(journal, webhook));
        }

        await using var server = await RunningServer.StartAsync(Options(options));
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/incidents")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        Assert.Contains("After", await client.GetStringAsync("/api/incidents"), StringComparison.Ordinal);
        Assert.Contains(webhook, await client.GetStringAsync("/api/webhooks"), StringComparison.Ordinal);
    }

    /// <summary>The events that the subscription has not passed.</summary>
    private static async Task<List<string>> LeftAsync(IStore journal, string webhook)
    {
        var position = (await new DeliveryRecords(journal).PositionAsync(webhook, default))!.Value;
        return [.. (await journal.FeedAsync(position.Cursor, 1000, null, default)).Events.Select(one => $"{one.Actor} {one.Version}")];
    }

    private static ServerOptions Options(ServerOptions options) => options with
    {
        Port = 0, Quiet = true, Deliveries = new DeliveryOptions { AllowPrivate = true },
    };

    private static async Task<Reply> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return (await Reply.OfAsync(await client.PostAsync(path, content))).Is(HttpStatusCode.Created);
    }

    private static async Task RunAsync(params string[] arguments) => Assert.Equal(0, await JournalCommand.RunAsync(arguments, default));
}
