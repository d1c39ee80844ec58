using System.Net;
using System.Text.Json;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Server.Tests.Deliveries;

/// <summary>A receiver that refuses for good, and an event that nobody knows, keep no other notice back.</summary>
public sealed class RefusingReceiverTests
{
    /// <summary>Hours between attempts: whatever waits for a second one does not arrive within a test.</summary>
    private static readonly DeliveryOptions Slow = new()
    {
        AllowPrivate = true,
        Delays = [TimeSpan.FromHours(5), TimeSpan.FromHours(5), TimeSpan.FromHours(5)],
        PollInterval = TimeSpan.FromMilliseconds(100),
    };

    [Fact]
    public async Task A_content_that_is_refused_holds_nothing_back_and_the_operator_is_told()
    {
        await using var receiver = await Receiver.StartAsync();
        string? refused = null;
        receiver.Answers = id => (refused ??= id) == id ? 400 : 200;
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Deliveries = Slow });
        (await server.PostAsync("/api/tools/inbox", "@pm", new { })).IsOk();
        var id = await SubscribeAsync(server, receiver.Url, "*");
        await server.DeclareAsync();

        await Eventually.TrueAsync(() => Task.FromResult(receiver.Taken.Any()), "the next delivery of the incident");
        Assert.Equal(refused, Assert.Single((await server.GetAsync($"/api/webhooks/{id}/dead", "@operator")).Items()).Text("webhookId"));
        await ToldAsync(server, "400");
        Assert.Equal("on", Assert.Single((await server.GetAsync("/api/webhooks")).Items()).Text("status"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    public async Task A_receiver_that_takes_nothing_is_shown_until_it_takes_something(int status)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => status;
        var quick = Slow with { Delays = [TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(5)] };
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Deliveries = quick });
        await SubscribeAsync(server, receiver.Url, "incident.*");
        await server.DeclareAsync();
        await Eventually.TrueAsync(async () => await StatusAsync(server) == "refusing", "that it is shown");
        await ToldAsync(server, $"{status}");
        Assert.Contains("Webhook refused", (await server.GetAsync("/")).Body, StringComparison.Ordinal);

        receiver.Answers = _ => 200;
        await server.DeclareAsync();
        await Eventually.TrueAsync(async () => await StatusAsync(server) == "on", "that it is shown no more");
    }

    [Fact]
    public async Task An_event_of_a_newer_program_stops_no_delivery_no_page_and_no_report()
    {
        await using var receiver = await Receiver.StartAsync();
        var data = Directory.CreateTempSubdirectory("unknown-event-").FullName;
        string incident;
        await using (var server = await ServerUnderTest.StartAsync(change: options => options with { Data = data, Deliveries = Slow }))
        {
            incident = (await server.DeclareAsync()).Text("id");
            foreach (var (events, format) in new[] { ("*", "standard"), ("hitl", "slack"), ("*", "teams") })
            {
                (await server.PostAsync("/api/webhooks", "@operator", new { url = receiver.Url, events = new[] { events }, format }))
                    .Is(HttpStatusCode.Created);
            }
        }

        await AddAsync(Path.Combine(data, "journal.db"), incident);
        await using (var server = await ServerUnderTest.StartAsync(change: options => options with { Data = data, Deliveries = Slow }))
        {
            (await server.DeclareAsync(title: "Declared after it")).Text("id");
            await Eventually.TrueAsync(
                () => Task.FromResult(receiver.Taken.Count(one => one.Body.Contains("Declared after it", StringComparison.Ordinal)) >= 3),
                "all deliveries");
            Assert.Contains(receiver.Taken, one => one.Body.Contains("incident.paged.v9", StringComparison.Ordinal));
            Assert.Contains("incident.paged.v9", (await server.GetAsync($"/incidents/{incident}")).IsOk().Body, StringComparison.Ordinal);
            Assert.Contains("incident.paged.v9", (await server.GetAsync($"/api/incidents/{incident}/report")).IsOk().Body, StringComparison.Ordinal);
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task AddAsync(string file, string incident)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            insert into events (position, actor, version, name, at, by, payload, incident)
            select (select max(position) + 1 from events), e.actor, 1000000, 'incident.paged.v9', e.at, e.by, '{"who":"@pm"}', e.incident
            from events e where e.name = 'incident.declared.v1' and e.incident = $incident
            """;
        command.Parameters.AddWithValue("$incident", incident);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static async Task<string> SubscribeAsync(ServerUnderTest server, string url, string events) =>
        (await server.PostAsync("/api/webhooks", "@operator", new { url, events = new[] { events } })).Is(HttpStatusCode.Created).Json.Text("id");

    private static async Task<string> StatusAsync(ServerUnderTest server) => Assert.Single((await server.GetAsync("/api/webhooks")).Items()).Text("status");

    private static Task ToldAsync(ServerUnderTest server, string reason) => Eventually.TrueAsync(
        async () => (await server.GetAsync("/api/agents/@operator/inbox?limit=500")).IsOk().Json
            .List("messages").Count(message => IsAbout(message, reason)) == 1,
        "telling the operator");

    private static bool IsAbout(JsonElement message, string reason) =>
        message.Text("subject").StartsWith("The receiver of webhook", StringComparison.Ordinal)
        && message.Text("subject").Contains(reason, StringComparison.Ordinal);
}
