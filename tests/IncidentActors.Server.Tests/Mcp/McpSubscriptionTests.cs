using System.Text.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>A subscription to the inbox lasts though the store was away.</summary>
public sealed class McpSubscriptionTests
{
    private const string Inbox = "incidentactors://agents/@dev/inbox";

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task What_comes_after_the_store_was_away_is_told(string revision)
    {
        AbsentInbox? store = null;
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Around = inner => store = new AbsentInbox(inner) });
        (await server.PostAsync("/api/tools/inbox", "@dev", new { })).IsOk();
        var told = new SemaphoreSlim(0);
        await using var client = await McpClients.ConnectAsync("http", revision, server.Address, "@dev");
        await using var hears = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (_, _) =>
        {
            told.Release();
            return ValueTask.CompletedTask;
        });
        using var end = new CancellationTokenSource();
        if (revision == "2026-07-28")
        {
            var wanted = JsonSerializer.SerializeToNode(new { notifications = new { resourceSubscriptions = new[] { Inbox } } });
            _ = client.SendRequestAsync(new JsonRpcRequest { Method = "subscriptions/listen", Params = wanted }, end.Token);
        }
        else
        {
            await client.SubscribeToResourceAsync(Inbox);
        }

        store!.Away = true;
        await Eventually.TrueAsync(() => Task.FromResult(store.Refused > 0), "the look at a store that is away");
        store.Away = false;
        await McpInboxTests.SendAsync(server);
        await told.WaitAsync().EndsAsync("the notification of the message");
        await end.CancelAsync();
    }

    private sealed class AbsentInbox(IStore inner) : DelegatingStore(inner)
    {
        private int refused;

        public bool Away { get; set; }
        public int Refused => refused;

        public override Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel)
        {
            if (!Away) return base.InboxAsync(handle, limit, cancel);
            Interlocked.Increment(ref refused);
            throw new JournalUnavailableException("The store is away.", notApplied: true);
        }
    }
}
