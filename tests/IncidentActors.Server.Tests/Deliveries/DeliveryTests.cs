using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Node;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Deliveries;

public sealed class DeliveryTests
{
    private static readonly DeliveryOptions Quick = new()
    {
        AllowPrivate = true,
        Delays = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20)],
        PollInterval = TimeSpan.FromMilliseconds(100),
    };

    [Fact]
    public async Task Everything_arrives_in_each_incidents_order_under_stable_ids_though_the_receiver_fails_and_the_server_restarts()
    {
        await using var receiver = await Receiver.StartAsync();
        var attempts = new ConcurrentDictionary<string, int>();
        receiver.Answers = id => attempts.AddOrUpdate(id, 1, (_, n) => n + 1) % 3 == 1 ? 500 : 200;
        var data = Directory.CreateTempSubdirectory("deliveries-").FullName;
        string cursor;
        await using (var server = await StartAsync(data))
        {
            await SubscribeAsync(server, receiver, "*");
            cursor = await server.EndAsync();
            for (var i = 0; i < 5; i++) await server.DeclareAsync(title: $"Incident {i}");
            await Eventually.TrueAsync(() => receiver.Taken.Count() > 3, "a first delivery");
        }

        await using (var server = await StartAsync(data))
        {
            for (var i = 5; i < 8; i++) await server.DeclareAsync(title: $"Incident {i}");
            var page = await server.Server.Engine.Journal.FeedAsync(cursor, 1000, null, default);
            var wanted = page.Events.Select(one => $"{one.Actor} {one.Version}").ToHashSet();
            await Eventually.TrueAsync(() => receiver.Taken.Select(Event).ToHashSet().IsSupersetOf(wanted), "delivering everything");
            foreach (var lane in page.Events.GroupBy(one => one.Incident ?? one.Actor.ToString()))
            {
                var order = lane.Select(one => $"{one.Actor} {one.Version}").ToList();
                Assert.Equal(order, receiver.Taken.Select(Event).Where(order.Contains).Distinct());
            }

            Assert.All(receiver.All.GroupBy(Event), one => Assert.Single(one.Select(attempt => attempt.Id).Distinct()));
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task What_cannot_be_delivered_becomes_a_dead_letter_that_can_be_sent_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 503;
        await using var server = await StartAsync(null);
        var id = (await SubscribeAsync(server, receiver, "incident.declared")).Text("id");
        await server.DeclareAsync();
        var dead = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
                (await server.GetAsync($"/api/webhooks/{id}/dead", "@operator")).Items() is [var one]
                    && (dead = one).ValueKind == JsonValueKind.Object,
            "a dead letter");
        Assert.Equal(4, dead.GetProperty("attempts").GetInt32());
        Assert.Contains("503", dead.Text("lastError"), StringComparison.Ordinal);

        receiver.Answers = _ => 200;
        (await server.PostAsync($"/api/webhooks/{id}/dead/{dead.GetProperty("number")}/resend", "@operator", new { })).IsOk();
        await Eventually.TrueAsync(() => receiver.Taken.Any(), "the dead letter's delivery");
        Assert.Equal(dead.Text("webhookId"), receiver.Taken.Single().Id);
        await Eventually.TrueAsync(
            async () =>
                (await server.GetAsync($"/api/webhooks/{id}/dead")).Items().Length == 0
                    && (await server.GetAsync($"/api/webhooks/{id}/deliveries")).Items().Length == 0,
            "nothing left to deliver");
    }

    [Fact]
    public async Task Gone_switches_a_subscription_off_until_it_is_switched_on_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 410;
        await using var server = await StartAsync(null);
        var id = (await SubscribeAsync(server, receiver, "incident.declared")).Text("id");
        await server.DeclareAsync();
        await Eventually.TrueAsync(async () => (await server.GetAsync("/api/webhooks")).Items().Single().Text("status") == "off", "switching off");
        receiver.Answers = _ => 200;
        (await server.PostAsync($"/api/webhooks/{id}/on", "@operator", new { })).IsOk();
        await Eventually.TrueAsync(() => receiver.Taken.Any(), "delivering what waited");
        Assert.Single(receiver.All.Select(one => one.Id).Distinct());
    }

    [Fact]
    public async Task The_oldest_subscription_is_listed_first()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        var urls = Enumerable.Range(1, 6).Select(number => $"https://hooks.example.com/{number}").ToList();
        foreach (var url in urls)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            (await server.PostAsync("/api/webhooks", "@operator", new { url })).Is(HttpStatusCode.Created);
        }

        Assert.Equal(urls, (await server.GetAsync("/api/webhooks")).Items().Select(one => one.Text("url")));
    }

    [NodeFact]
    public async Task The_public_library_verifies_our_signatures_and_refuses_tampered_and_old_ones()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync(null);
        var subscription = await SubscribeAsync(server, receiver, "incident.declared");
        await server.DeclareAsync(title: "Zahlung fällt aus 🚨");
        await Eventually.TrueAsync(() => receiver.Taken.Any(), "a delivery");
        var one = receiver.Taken.First();
        var secret = subscription.Text("secret");
        var old = DateTimeOffset.UtcNow.AddMinutes(-10);
        var stale = WebhookSignature.Sign(secret, one.Id, old, System.Text.Encoding.UTF8.GetBytes(one.Body));
        var output = await NodePackages.RunAsync("verify-webhook.mjs", JsonSerializer.Serialize(new
        {
            secret,
            id = one.Id,
            timestamp = one.Timestamp,
            signature = one.Signature,
            body = one.Body,
            oldTimestamp = $"{old.ToUnixTimeSeconds()}",
            oldSignature = stale,
        }));
        Assert.Equal("verified incident.declared.v1, refused: body id timestamp secret old\n", output);
    }

    [Theory]
    [InlineData("http://127.0.0.1/x")]
    [InlineData("http://localhost:8080/x")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:192.168.0.1]/")]
    [InlineData("http://[64:ff9b::a00:1]/")]
    [InlineData("http://2130706433/")]
    public async Task Private_addresses_are_refused(string url)
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/webhooks", "@operator", new { url })).Refused(403, "webhook.private");
    }

    [Fact]
    public async Task A_public_name_that_leads_inside_is_refused_and_the_checked_address_is_the_one_that_is_called()
    {
        await using var receiver = await Receiver.StartAsync();
        var port = new Uri(receiver.Url).Port;
        var asked = 0;
        Task<IPAddress[]> Resolve(string host, CancellationToken cancel)
        {
            asked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        }

        var subscription = new Subscription(
            "WHK-1", $"http://hooks.example.com:{port}/hook", ["*"], DeliveryFormat.Standard, WebhookSignature.NewSecret(), default, "@pm");
        var delivery = new Delivery("evt_1", 1, "x", "x", "{}", default, 0, default, null);
        using var strict = new DeliveryTransport(new DeliveryOptions(), Resolve);
        var refused = await strict.SendAsync(subscription, delivery, DateTimeOffset.UtcNow, default);
        Assert.Contains("private", refused.Error, StringComparison.Ordinal);
        Assert.Empty(receiver.All);
        using var open = new DeliveryTransport(new DeliveryOptions { AllowPrivate = true }, Resolve);
        Assert.Null((await open.SendAsync(subscription, delivery, DateTimeOffset.UtcNow, default)).Error);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_receiver_that_sends_elsewhere_is_not_followed()
    {
        await using var inside = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 307;
        receiver.Location = inside.Url;
        await using var server = await StartAsync(null);
        var id = (await SubscribeAsync(server, receiver, "incident.declared")).Text("id");
        await server.DeclareAsync();
        await Eventually.TrueAsync(
            async () =>
                (await server.GetAsync($"/api/webhooks/{id}/dead")).Items() is [var one]
                    && one.Text("lastError").Contains("307", StringComparison.Ordinal),
            "a dead letter");
        Assert.Empty(inside.All);
    }

    [Theory]
    [InlineData("incident.declared", "incident.declared.v1", true)]
    [InlineData("incident.declared.v1", "incident.declared.v1", true)]
    [InlineData("incident.declared", "incident.declared-again.v1", false)]
    [InlineData("incident.*", "incident.resolved.v1", true)]
    [InlineData("incident.*", "atp.moved.v1", false)]
    [InlineData("*", "atp.moved.v1", true)]
    public void Events_are_chosen_by_name(string wanted, string name, bool chosen) =>
        Assert.Equal(chosen, new Subscription("", "", [wanted], DeliveryFormat.Standard, "", default, "").Wants(name, hitl: false));

    private static Task<ServerUnderTest> StartAsync(string? data) =>
        ServerUnderTest.StartAsync(change: options => options with { Deliveries = Quick, Data = data ?? options.Data });

    private static async Task<JsonElement> SubscribeAsync(ServerUnderTest server, Receiver receiver, params string[] events) =>
        (await server.PostAsync("/api/webhooks", "@operator", new { url = receiver.Url, events })).Is(HttpStatusCode.Created).Json;

    private static string Event(Received one)
    {
        var data = JsonDocument.Parse(one.Body).RootElement.GetProperty("data");
        return $"{data.Text("actor")} {data.GetProperty("version").GetInt64()}";
    }
}
