using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Records;

namespace IncidentActors.Server.Inbox;

/// <param name="Session">Who works on the message.</param>
/// <param name="Until">UTC; after it the session counts as dead, and another may have the message.</param>
public sealed record InboxLease(string Session, DateTimeOffset Until);

/// <summary>
/// Sessions of one handle share its inbox: a message is shown to one of them at a time, until it is acknowledged, the session ends, or
/// its lease does. A session renews what it holds by fetching. Sessions that give no name see everything, as a single one would.
/// </summary>
public sealed class InboxLeases(IRecords records, TimeProvider time)
{
    /// <summary>How long a session has a message without being heard of.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    /// <summary>What is left of a lease when a session that takes nothing new renews it: a listener asks every few seconds.</summary>
    private static readonly TimeSpan RenewBelow = Length / 2;

    private const string Kind = RecordKinds.InboxLease;

    /// <summary>Here one after the other; between nodes the record's version decides.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <summary>What other sessions hold, by the message's id. Without a session's name there is nothing that others hold.</summary>
    public async Task<IReadOnlyDictionary<string, InboxLease>> HeldByOthersAsync(string handle, string session, CancellationToken cancel)
    {
        if (session.Length == 0) return ImmutableDictionary<string, InboxLease>.Empty;
        var (leases, _) = await ReadAsync(handle, cancel);
        return leases.RemoveRange(leases.Where(lease => lease.Value.Session == session).Select(lease => lease.Key));
    }

    /// <summary>Takes the first <paramref name="limit"/> messages that no other session has, in their order, and renews what the session holds.</summary>
    /// <param name="look">Reads so many messages at least, the first ones, as they are now. It is called after the leases were read: one that
    /// was acknowledged before its lease went is not seen again.</param>
    public async Task<ImmutableArray<MessageView>> TakeAsync(
        string handle, string session, Func<int, Task<IEnumerable<MessageView>>> look, int limit, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd(handle, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            while (true)
            {
                var (leases, version) = await ReadAsync(handle, cancel);
                var messages = await look(limit + leases.Count(lease => lease.Value.Session != session));
                var taken = messages
                    .Where(message => !leases.TryGetValue(message.Id, out var lease) || lease.Session == session)
                    .Take(limit)
                    .ToImmutableArray();
                var held = leases.Where(lease => lease.Value.Session == session).ToList();
                var now = time.GetUtcNow();
                if (taken.IsEmpty && held.All(lease => lease.Value.Until - now > RenewBelow)) return taken;
                var mine = held.Select(lease => lease.Key).Concat(taken.Select(message => message.Id));
                var after = leases.SetItems(mine.Distinct().Select(id => KeyValuePair.Create(id, new InboxLease(session, now + Length))));
                if (await WriteAsync(handle, version, after, cancel)) return taken;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The session has ended: what it held is for others at once.</summary>
    public Task ReleaseAsync(string handle, string session, CancellationToken cancel) =>
        RemoveAsync(handle, lease => lease.Value.Session == session, cancel);

    /// <summary>The message is acknowledged: its lease is released.</summary>
    public Task DropAsync(string handle, string messageId, CancellationToken cancel) => RemoveAsync(handle, lease => lease.Key == messageId, cancel);

    private async Task RemoveAsync(string handle, Func<KeyValuePair<string, InboxLease>, bool> which, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd(handle, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            while (true)
            {
                var (leases, version) = await ReadAsync(handle, cancel);
                var after = leases.RemoveRange(leases.Where(which).Select(lease => lease.Key));
                if (after.Count == leases.Count || await WriteAsync(handle, version, after, cancel)) return;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Leases that have not ended.</summary>
    private async Task<(ImmutableSortedDictionary<string, InboxLease> Leases, long Version)> ReadAsync(string handle, CancellationToken cancel)
    {
        if (await records.FindAsync(Kind, handle, cancel) is not { } record) return (ImmutableSortedDictionary<string, InboxLease>.Empty, 0);
        var all = JsonSerializer.Deserialize(record.Document.Span, InboxJson.Default.ImmutableSortedDictionaryStringInboxLease)!;
        var now = time.GetUtcNow();
        return (all.RemoveRange(all.Where(lease => lease.Value.Until <= now).Select(lease => lease.Key)), record.Version);
    }

    private Task<bool> WriteAsync(string handle, long version, ImmutableSortedDictionary<string, InboxLease> leases, CancellationToken cancel) =>
        records.WriteAsync(
            [
                new RecordWrite(
                    Kind,
                    handle,
                    version,
                    JsonSerializer.SerializeToUtf8Bytes(leases, InboxJson.Default.ImmutableSortedDictionaryStringInboxLease)),
            ],
            cancel);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, InboxLease>))]
internal sealed partial class InboxJson : JsonSerializerContext;
