using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Engine.Records;

namespace IncidentActors.Server.Deliveries;

/// <summary>A stored record with the version that a change must name.</summary>
public sealed record Kept<T>(T Value, long Version);

/// <summary>Subscriptions and deliveries in the store of records.</summary>
public sealed class DeliveryRecords(IRecords records)
{
    private const string Subscriptions = RecordKinds.Webhook;
    private const string Positions = RecordKinds.WebhookPosition;
    private const string Waiting = RecordKinds.Delivery;
    private const string Dead = RecordKinds.DeadLetter;
    private const int MaxSubscriptions = 1000;

    /// <summary>Every subscription, the oldest first.</summary>
    public async Task<IReadOnlyList<Kept<Subscription>>> SubscriptionsAsync(CancellationToken cancel) =>
    [
        .. (await records.ListAsync(Subscriptions, "", null, MaxSubscriptions, cancel))
            .Select(record => Read(record, DeliveryJson.Default.Subscription))
            .OrderBy(static known => known.Value.CreatedAt),
    ];

    public async Task<Kept<Subscription>?> SubscriptionAsync(string id, CancellationToken cancel) =>
        await records.FindAsync(Subscriptions, id, cancel) is { } record ? Read(record, DeliveryJson.Default.Subscription) : null;

    /// <summary>Writes a new subscription (version 0) that begins behind the cursor, or changes a known one.</summary>
    public Task<bool> SaveAsync(Subscription subscription, long version, string? cursor, CancellationToken cancel)
    {
        var writes = new List<RecordWrite> { Write(Subscriptions, subscription.Id, version, subscription, DeliveryJson.Default.Subscription) };
        if (cursor is not null) writes.Add(Position(subscription.Id, 0, new DeliveryPosition(cursor, 1, null, DateTimeOffset.UnixEpoch)));
        return records.WriteAsync(writes, cancel);
    }

    /// <summary>Removes a subscription with all that waits for it.</summary>
    public async Task<bool> RemoveAsync(string id, long version, CancellationToken cancel)
    {
        if (!await records.WriteAsync([new RecordWrite(Subscriptions, id, version, null)], cancel)) return false;
        if (await records.FindAsync(Positions, id, cancel) is { } position) await records.WriteAsync([Gone(position)], cancel);
        foreach (var kind in new[] { Waiting, Dead })
        {
            while (await records.ListAsync(kind, id + "/", null, 200, cancel) is { Count: > 0 } left) await records.WriteAsync([.. left.Select(Gone)], cancel);
        }

        return true;
    }

    public async Task<Kept<DeliveryPosition>?> PositionAsync(string id, CancellationToken cancel) =>
        await records.FindAsync(Positions, id, cancel) is { } record ? Read(record, DeliveryJson.Default.DeliveryPosition) : null;

    /// <summary>Moves the position and, in the same write, queues what was passed on the way. False: another node has it now.</summary>
    public Task<bool> AdvanceAsync(string id, Kept<DeliveryPosition> from, DeliveryPosition to, IReadOnlyList<Delivery> queued, CancellationToken cancel) =>
        records.WriteAsync(
            [
                .. queued.Select(delivery => Write(Waiting, Key(id, delivery.Number), 0, delivery, DeliveryJson.Default.Delivery)),
                Position(id, from.Version, to),
            ],
            cancel);

    /// <summary>Deliveries of a subscription that wait to be sent, in the order in which they are sent.</summary>
    public Task<IReadOnlyList<Kept<Delivery>>> WaitingAsync(string id, int limit, CancellationToken cancel) => ListAsync(Waiting, id, limit, cancel);

    public Task<IReadOnlyList<Kept<Delivery>>> DeadAsync(string id, int limit, CancellationToken cancel) => ListAsync(Dead, id, limit, cancel);

    public Task<bool> ArrivedAsync(string id, Kept<Delivery> delivery, CancellationToken cancel) =>
        records.WriteAsync([new RecordWrite(Waiting, Key(id, delivery.Value.Number), delivery.Version, null)], cancel);

    public Task<bool> PostponeAsync(string id, Kept<Delivery> from, Delivery to, CancellationToken cancel) =>
        records.WriteAsync([Write(Waiting, Key(id, to.Number), from.Version, to, DeliveryJson.Default.Delivery)], cancel);

    public Task<bool> BuryAsync(string id, Kept<Delivery> from, Delivery to, CancellationToken cancel) =>
        MoveAsync(id, Waiting, Dead, from, to, cancel);

    /// <summary>A dead letter waits again, at its old place and under its old id.</summary>
    public Task<bool> ResendAsync(string id, Kept<Delivery> dead, DateTimeOffset now, CancellationToken cancel) =>
        MoveAsync(id, Dead, Waiting, dead, dead.Value with { Attempts = 0, DueAt = now }, cancel);

    public async Task<Kept<Delivery>?> DeadAsync(string id, long number, CancellationToken cancel) =>
        await records.FindAsync(Dead, Key(id, number), cancel) is { } record ? Read(record, DeliveryJson.Default.Delivery) : null;

    private Task<bool> MoveAsync(string id, string from, string to, Kept<Delivery> before, Delivery after, CancellationToken cancel)
    {
        var key = Key(id, after.Number);
        return records.WriteAsync([new RecordWrite(from, key, before.Version, null), Write(to, key, 0, after, DeliveryJson.Default.Delivery)], cancel);
    }

    private async Task<IReadOnlyList<Kept<Delivery>>> ListAsync(string kind, string id, int limit, CancellationToken cancel) =>
        [.. (await records.ListAsync(kind, id + "/", null, limit, cancel)).Select(record => Read(record, DeliveryJson.Default.Delivery))];

    private static string Key(string id, long number) => string.Create(CultureInfo.InvariantCulture, $"{id}/{number:D15}");

    private static RecordWrite Position(string id, long version, DeliveryPosition position) =>
        Write(Positions, id, version, position, DeliveryJson.Default.DeliveryPosition);

    private static RecordWrite Gone(StoredRecord record) => new(record.Kind, record.Key, record.Version, null);

    private static RecordWrite Write<T>(string kind, string key, long version, T value, JsonTypeInfo<T> type) =>
        new(kind, key, version, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static Kept<T> Read<T>(StoredRecord record, JsonTypeInfo<T> type) =>
        new(JsonSerializer.Deserialize(record.Document.Span, type)!, record.Version);
}
