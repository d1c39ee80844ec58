using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Deliveries;

/// <summary>Notifies the operator, on the incident that the delivery is about, that a receiver refuses permanently: people rely on it and are not
/// notified.</summary>
internal sealed class RefusalNotices(RunningEngine engine)
{
    private const string OfIncident = "INC-";

    /// <summary>A delivery that is about no incident is logged only.</summary>
    public async Task NotifyAsync(Subscription subscription, Delivery delivery, string reason)
    {
        engine.Log.DeliveryRefused(subscription.Id, delivery.Event, reason);
        var subject = $"The receiver of webhook {subscription.Id} refuses deliveries: {reason}";
        if (!delivery.Lane.StartsWith(OfIncident, StringComparison.Ordinal) || delivery.Body.Contains(subscription.Id, StringComparison.Ordinal)) return;
        if (await engine.Views.IncidentAsync(delivery.Lane) is not { Atps: [var atp, ..] }) return;
        var notice = new PostNotice(
            Handle.Operator, MessageType.HITLNotification, Priority.P1, subject,
            $"'{delivery.Event}' of {delivery.Lane} did not arrive at {new Uri(subscription.Url).Host} ({subscription.Format.ToString().ToLowerInvariant()}). "
            + $"Correct the receiver. Then 'incident webhook dead {subscription.Id}' lists what it missed, and 'incident webhook resend' sends it again.");
        await engine.Actors.Atp(atp).DoAsync(notice, new Call { At = default, Seed = "", By = Handle.System });
    }
}
