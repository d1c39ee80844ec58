using System.Net;
using System.Net.Sockets;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Http;

public sealed class EventStreamTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Everything_that_happens_is_streamed_in_order_and_once_across_resumptions()
    {
        await server.DeclareAsync(title: "First");
        var all = await AllAsync();
        List<StreamedEvent> read;
        using (var stream = await server.EventsAsync()) read = await stream.TakeAsync(all.Count / 2);
        await server.DeclareAsync(title: "While nobody listened");
        all = await AllAsync();
        using (var stream = await server.EventsAsync(last: read[^1].Id)) read.AddRange(await stream.TakeAsync(all.Count - read.Count));
        Assert.Equal(all, read.Select(one => one.Id));
        Assert.All(read, one => Assert.Equal(one.Name, one.Data.Text("name")));
        Assert.All(read, one => Assert.Equal(one.Id, one.Data.Text("id")));
    }

    [Fact]
    public async Task An_open_stream_hears_what_is_committed_later()
    {
        await server.DeclareAsync(title: "Before");
        using var stream = await server.EventsAsync(after: "now");
        var id = (await server.DeclareAsync(title: "Now")).Text("id");
        var first = await stream.NextAsync();
        Assert.Equal(
            ("incident.declared.v1", $"incident/{id}", id, "@pm"),
            (first.Name, first.Data.Text("actor"), first.Data.Text("incident"), first.Data.Text("by")));
        Assert.Equal("Now", first.Data.GetProperty("data").Text("title"));
    }

    [Fact]
    public async Task Who_is_cut_off_before_the_first_event_resumes_without_a_gap()
    {
        await server.DeclareAsync(title: "Before");
        string place;
        using (var stream = await server.EventsAsync(after: "now")) place = await stream.PlaceAsync();
        var id = (await server.DeclareAsync(title: "While nobody listened")).Text("id");
        using var resumed = await server.EventsAsync(after: "now", last: place);
        Assert.Equal(("incident.declared.v1", id), await resumed.NextAsync() is var first ? (first.Name, first.Data.Text("incident")) : default);
    }

    [Fact]
    public async Task A_stream_of_one_incident_leaves_out_the_others()
    {
        await server.DeclareAsync(title: "Other");
        var id = (await server.DeclareAsync(title: "Mine")).Text("id");
        var timeline = (await server.GetAsync($"/api/incidents/{id}/timeline")).Items();
        using var stream = await server.EventsAsync(after: $"&incident={id}");
        var events = await stream.TakeAsync(timeline.Length);
        Assert.All(events, one => Assert.Equal(id, one.Data.Text("incident")));
        Assert.Equal(timeline.Select(one => one.Text("id")), events.Select(one => one.Id));
    }

    [Fact]
    public async Task A_place_that_never_was_is_refused()
    {
        (await server.GetAsync("/api/events?after=nowhere")).Refused(400, "argument.malformed");
        var id = (await server.DeclareAsync()).Text("id");
        (await server.GetAsync($"/api/incidents/{id}/timeline?after=nowhere")).Refused(400, "argument.malformed");
    }

    [Fact]
    public async Task Stopping_the_server_ends_its_streams()
    {
        var stopping = await ServerUnderTest.StartAsync();
        using var stream = await stopping.EventsAsync();
        await stopping.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(stream.NextAsync);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_dropped_and_may_resume()
    {
        await using var other = await ServerUnderTest.StartAsync(change: options => options with { SlowestReader = TimeSpan.FromMilliseconds(200) });
        var id = (await other.DeclareAsync()).Text("id");
        var text = new string('x', 100_000);
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (_, _) => (await other.PostAsync($"/api/incidents/{id}/note", "@pm", new { text })).IsOk());
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, other.Address.Port);
        await client.GetStream().WriteAsync("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        await Eventually.TrueAsync(() => Dropped(client), "dropping the reader");
        // Whoever reads is dropped, too, when it gets no time to for as long as that; it comes again.
        await Eventually.TrueAsync(async () => await FirstAsync(other) == "incident.declared.v1", "resuming");
    }

    /// <summary>The first event of the whole feed; null: the connection was cut before it.</summary>
    private static async Task<string?> FirstAsync(ServerUnderTest server)
    {
        try
        {
            using var stream = await server.EventsAsync();
            return (await stream.NextAsync()).Name;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The peer has closed: there is nothing to be written to any more.</summary>
    private static bool Dropped(TcpClient client)
    {
        try
        {
            client.Client.Send([(byte)'\r']);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private async Task<List<string>> AllAsync() =>
        [.. (await server.Server.Engine.Journal.FeedAsync(null, 10_000, null, CancellationToken.None)).Events.Select(one => one.Cursor)];
}
