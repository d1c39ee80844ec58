using IncidentActors.Client;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace ServiceClient;

/// <summary>A service that finds itself broken, declares an incident, and acknowledges the directive that it leads to.</summary>
public sealed class CheckoutService(IncidentClient incidents, TextWriter output)
{
    /// <returns>False: a rule refused a command, and the output says which.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        // While the incident is ongoing, the same deduplication key gives the same incident from every instance.
        var declared = await incidents.DeclareAsync(
            "checkout is down", Severity.Sev1, d => d.Label("service", "checkout").DeduplicationKey("checkout"), cancel: cancel);
        if (!declared.IsAccepted)
        {
            output.WriteLine($"refused by {declared.Refusal.Rule}: {declared.Refusal.Sentence}");
            return false;
        }

        var incident = declared.Value;
        await foreach (var received in incidents.ReceiveAsync(cancel))
        {
            if (received.Message is not { Type: MessageType.EmergencyDirective } directive || directive.IncidentId != incident.Id) continue;
            output.WriteLine($"{directive.To} got {directive.Id}: {directive.Subject}");
            if (await received.AcknowledgeAsync("On it.", cancel: cancel) is { Refusal: { } refusal }) output.WriteLine(refusal.Sentence);
            break;
        }

        await foreach (var change in incident.WatchAsync(cancel))
        {
            output.WriteLine($"{change.Id} {change.Status} {change.Severity}, commander {change.Commander}, ATPs {string.Join(' ', change.Atps)}");
            if (change.AcknowledgedAt is not null) break;
        }

        return true;
    }
}
