using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Now;

/// <summary>Alerts and deliveries that fail although the sender or the receiver expects them to arrive.</summary>
/// <param name="Refused">Alerts that this node refused within the last day.</param>
/// <param name="Webhooks">Subscriptions with a receiver that accepts nothing.</param>
/// <param name="Roster">Roles that a flow needs and no member of the roster has: one sentence each.</param>
public sealed record Outside(ImmutableArray<RefusedAlert> Refused, ImmutableArray<SilentWebhook> Webhooks, ImmutableArray<string> Roster)
{
    public bool IsCalm => Refused.IsEmpty && Webhooks.IsEmpty && Roster.IsEmpty;

    internal static async Task<Outside> ReadAsync(PageRequest request)
    {
        var services = request.Http.RequestServices;
        var webhooks = await services.GetRequiredService<DeliveryRecords>().SubscriptionsAsync(request.Aborted);
        return new Outside(
            [.. services.GetRequiredService<RefusedAlerts>().Recent.Take(10)],
            [.. webhooks.Where(one => (one.Value.OffReason ?? one.Value.Refusing) is not null)
                .Select(one => new SilentWebhook(one.Value.Id, one.Value.OffReason is not null, one.Value.OffReason ?? one.Value.Refusing!))],
            RosterCheck.Warnings(request.Engine.Options.Roster, request.Engine.Options.Flows, request.Engine.Options.Runbooks));
    }
}

/// <param name="Off">Nothing is sent any more.</param>
public sealed record SilentWebhook(string Id, bool Off, string Reason);
