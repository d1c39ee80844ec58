using System.Collections.Immutable;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Setup;

/// <summary>Where notices are delivered. Null: the visitor may not see it.</summary>
public sealed record WebhooksModel(ImmutableArray<WebhookLine>? Webhooks)
{
    private const int MaxCounted = 100;

    internal static async Task<WebhooksModel> ReadAsync(PageRequest request)
    {
        if (!SetupPages.Administers(request)) return new WebhooksModel((ImmutableArray<WebhookLine>?)null);
        var records = request.Http.RequestServices.GetRequiredService<DeliveryRecords>();
        var known = await records.SubscriptionsAsync(request.Aborted);
        return new WebhooksModel([.. await Task.WhenAll(known.Select(async one => new WebhookLine(
            SubscriptionView.Of(one.Value),
            (await records.WaitingAsync(one.Value.Id, MaxCounted, request.Aborted)).Count,
            [.. (await records.DeadAsync(one.Value.Id, MaxCounted, request.Aborted)).Select(dead => DeliveryView.Of(dead.Value, dead: true))])))]);
    }
}

/// <param name="Waiting">Deliveries that wait, counted to 100.</param>
/// <param name="Dead">What could not be delivered after all attempts, at most 100.</param>
public sealed record WebhookLine(SubscriptionView Webhook, int Waiting, ImmutableArray<DeliveryView> Dead);
