using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Json;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Deliveries.Templates;
using IncidentActors.Server.Events;

namespace IncidentActors.Server.Deliveries;

/// <summary>
/// One subscription at work on this node. It holds the subscription's lease, moves wanted events from the feed into the queue (cursor and
/// queue in one write) and sends the head of every lane. Only what a receiver has confirmed leaves the queue, so a crash repeats at most.
/// </summary>
internal sealed class DeliveryPump(
    string id, IStore journal, Dossiers dossiers, DeliveryRecords records, DeliveryTransport transport, DeliveryOptions options, FeedSignal signal,
    DeliveryTelemetry telemetry, RefusalNotices notices, string node, TimeProvider time)
{
    private const int PageSize = 200;

    /// <summary>Attempts before a receiver counts as rejecting everything: one that is being redeployed may answer 404 for a moment.</summary>
    private const int RefusedAttempts = 3;

    private readonly Dictionary<string, Task> sending = [];
    private Kept<DeliveryPosition>? position;

    /// <summary>Until the subscription is off or gone, another node has it, or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var grown = signal.Next;
                if (await records.SubscriptionAsync(id, cancel) is not { Value: { OffReason: null } subscription } || !await HoldAsync(cancel)) break;
                var waiting = await records.WaitingAsync(id, options.MaxWaiting, cancel);
                telemetry.Waits(id, waiting);
                var moved = waiting.Count < options.MaxWaiting && await QueueAsync(subscription, cancel);
                var next = Send(subscription, waiting, cancel);
                if (moved) continue;
                await Task.WhenAny([grown, Task.Delay(next, time, cancel), .. sending.Values]);
                foreach (var lane in sending.Where(one => one.Value.IsCompleted).Select(one => one.Key).ToList()) sending.Remove(lane);
            }
        }
        finally
        {
            await Task.WhenAll(sending.Values);
            telemetry.Leaves(id);
        }
    }

    /// <summary>Gives the lease back, so that another node need not wait for its end.</summary>
    public async Task ReleaseAsync()
    {
        if (position is { } held)
        {
            await records.AdvanceAsync(
                id, held, held.Value with { Node = null, LeaseUntil = time.GetUtcNow() }, [], CancellationToken.None);
        }
    }

    private async Task<bool> HoldAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (position is { } held && held.Value.LeaseUntil - now > options.Lease / 2) return true;
        if (await records.PositionAsync(id, cancel) is not { } known) return false;
        if (known.Value.Node != node && known.Value.LeaseUntil > now) return false;
        return await MoveAsync(known, known.Value with { Node = node, LeaseUntil = now + options.Lease }, [], cancel);
    }

    /// <summary>Whether the feed has advanced, so that there may be more.</summary>
    private async Task<bool> QueueAsync(Subscription subscription, CancellationToken cancel)
    {
        var from = position!;
        var page = await journal.FeedAsync(from.Value.Cursor, PageSize, null, cancel);
        if (page.Events.IsEmpty) return false;
        var now = time.GetUtcNow();
        var number = from.Value.Next;
        var queued = new List<Delivery>();
        foreach (var stored in page.Events.Where(stored => subscription.Wants(stored.Name, Notice.IsForPeople(stored))))
        {
            queued.Add(DeliveryBody.Of(
                subscription, stored, number++, now, options.PublicUrl, await FilesAsync(subscription, stored, cancel),
                await AboutAsync(subscription, stored, cancel)));
        }

        await MoveAsync(from, from.Value with { Cursor = page.Cursor, Next = number }, queued, cancel);
        return true;
    }

    private async Task<ImmutableArray<IncidentFile>> FilesAsync(Subscription subscription, StoredEvent stored, CancellationToken cancel) =>
        subscription.Format == DeliveryFormat.Files && stored.Incident is { } incident && await dossiers.FindAsync(incident, cancel) is { } dossier
            ? IncidentFiles.Of(dossier)
            : [];

    private async Task<QuestionContext?> AboutAsync(Subscription subscription, StoredEvent stored, CancellationToken cancel) =>
        subscription.Format is DeliveryFormat.Slack or DeliveryFormat.Teams && EventTypes.ReadAny(stored.Name, stored.Payload.Span) is ApprovalRequested asked
            ? await QuestionContext.ReadAsync(journal, asked, cancel)
            : null;

    private async Task<bool> MoveAsync(Kept<DeliveryPosition> from, DeliveryPosition to, IReadOnlyList<Delivery> queued, CancellationToken cancel)
    {
        var moved = await records.AdvanceAsync(id, from, to, queued, cancel);
        position = moved ? new Kept<DeliveryPosition>(to, from.Version + 1) : null;
        return moved;
    }

    /// <summary>Begins what can be sent now; answers how long until there may be more to do.</summary>
    private TimeSpan Send(Subscription subscription, IReadOnlyList<Kept<Delivery>> waiting, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var next = options.PollInterval;
        var lanes = new HashSet<string>();
        foreach (var delivery in waiting)
        {
            if (!lanes.Add(delivery.Value.Lane) || sending.ContainsKey(delivery.Value.Lane)) continue;
            if (delivery.Value.DueAt > now)
            {
                if (delivery.Value.DueAt - now < next) next = delivery.Value.DueAt - now;
            }
            else if (sending.Count < options.AtOnce && position is { } held && held.Value.LeaseUntil - now > options.Timeout)
            {
                sending[delivery.Value.Lane] = SendAsync(subscription, delivery, cancel);
            }
        }

        return next;
    }

    private async Task SendAsync(Subscription subscription, Kept<Delivery> delivery, CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow();
            var result = await transport.SendAsync(subscription, delivery.Value, now, cancel);
            var last = IsLast(subscription, delivery.Value.Attempts + 1, result);
            telemetry.Attempted(id, delivery.Value, result, now, last);
            if (result.Error is null)
                await ArrivedAsync(subscription, delivery, cancel);
            else if (result.Gone)
                await GoneAsync(subscription, delivery.Value, $"{result.Error}: it accepts no further deliveries", cancel);
            else
                await FailedAsync(subscription, delivery, result, last, cancel);
        }
        catch (Exception error) when (error is OperationCanceledException or JournalUnavailableException)
        {
            // It stays in the queue as it is, and is sent again under the same id.
        }
    }

    private bool IsLast(Subscription subscription, int attempts, DeliveryResult result) => result.Refusal switch
    {
        Refusal.Content => true,
        Refusal.Everything => subscription.Refusing is not null || attempts >= RefusedAttempts,
        _ => attempts > options.Delays.Length,
    };

    private async Task ArrivedAsync(Subscription subscription, Kept<Delivery> delivery, CancellationToken cancel)
    {
        await records.ArrivedAsync(id, delivery, cancel);
        if (subscription.Refusing is not null) await ChangeAsync(known => known.Refusing is null ? null : known with { Refusing = null }, cancel);
    }

    private async Task FailedAsync(Subscription subscription, Kept<Delivery> delivery, DeliveryResult result, bool last, CancellationToken cancel)
    {
        var attempts = delivery.Value.Attempts + 1;
        var failed = delivery.Value with { Attempts = attempts, LastError = result.Error };
        if (last)
        {
            await records.BuryAsync(id, delivery, failed, cancel);
            if (result.Refusal == Refusal.Passing) return;
            var begins = result.Refusal == Refusal.Everything
                && await ChangeAsync(known => known.Refusing is null ? known with { Refusing = result.Error } : null, cancel);
            if (begins || result.Refusal == Refusal.Content) await notices.NotifyAsync(subscription, failed, result.Error!);
            return;
        }

        var wait = options.Delays[attempts - 1];
        if (result.RetryAfter is { } asked && asked > wait) wait = asked < options.MaxDelay ? asked : options.MaxDelay;
        await records.PostponeAsync(id, delivery, failed with { DueAt = time.GetUtcNow() + wait }, cancel);
    }

    private async Task GoneAsync(Subscription subscription, Delivery delivery, string reason, CancellationToken cancel)
    {
        if (await ChangeAsync(known => known.OffReason is null ? known with { OffReason = reason } : null, cancel))
            await notices.NotifyAsync(subscription, delivery, reason);
    }

    /// <summary>Writes what the change makes of the subscription. False: the change makes nothing of it, or it is gone.</summary>
    private async Task<bool> ChangeAsync(Func<Subscription, Subscription?> change, CancellationToken cancel)
    {
        while (await records.SubscriptionAsync(id, cancel) is { } known && change(known.Value) is { } changed)
        {
            if (await records.SaveAsync(changed, known.Version, null, cancel)) return true;
        }

        return false;
    }
}
