using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Silo;

namespace ServiceClient;

/// <summary>A service that finds itself broken, says so, and sees to it that somebody works on it. It knows grain interfaces only.</summary>
/// <param name="tokens">Access tokens by handle. Empty: the cluster has none and believes its own machine.</param>
public sealed class CheckoutService(ClusterActors actors, IReadOnlyDictionary<string, string> tokens, TextWriter says)
{
    private const string Commander = "@pm";
    private const string Developer = "@dev";

    /// <returns>Whether the directive was acknowledged.</returns>
    public async Task<bool> RunAsync()
    {
        // The same deduplication key gives the same incident, however often and from wherever it is declared.
        var declare = new DeclareIncident(
            "checkout is down", Severity.Sev1, IncidentCategory.Availability, "5xx from every instance", null,
            ImmutableSortedDictionary<string, string>.Empty.Add("service", "checkout"), "checkout-service", "checkout", null, []);
        if (await SettleAsync(key => actors.DeclareAsync(declare, As(Commander, key))) is not { } declared) return false;
        var id = declared.Answer.GetProperty("id").GetString()!;
        var incident = actors.Incident(id);

        await WatchAsync(incident);
        if (await DirectiveAsync(id) is not { } directive || !MessageIds.TryParse(directive.Id, out var atp, out var number)) return false;
        says.WriteLine($"{Developer} got {directive.Id}: {directive.Subject}");
        if (await SettleAsync(key => actors.Atp(atp).DoAsync(new AcknowledgeMessage(number, "On it."), As(Developer, key))) is null) return false;
        await WatchAsync(incident);
        return true;
    }

    /// <summary>The first directive of the incident that waits for the developer.</summary>
    private async Task<MessageView?> DirectiveAsync(string incidentId)
    {
        for (var look = 0; look < 50; look++)
        {
            var answer = await actors.Agent(Developer).FetchInboxAsync(As(Developer, null), 20);
            var directive = answer.Inbox?.Messages.FirstOrDefault(message =>
                message.IncidentId == incidentId && message.Type == MessageType.EmergencyDirective);
            if (directive is not null) return directive;
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        says.WriteLine($"{Developer} has no directive of {incidentId}");
        return null;
    }

    private async Task WatchAsync(IIncident incident)
    {
        if (await ViewAsync(incident) is not { } view) return;
        says.WriteLine(
            $"{view.Id} {view.Status} {view.Severity}, commander {view.Commander}, ATPs {string.Join(' ', view.Atps)}, halts {string.Join(' ', view.Halts)}");
    }

    /// <summary>Asks until it is answered: a view has no way to say "come again", so when its silo is lost meanwhile an exception says it.</summary>
    private static async Task<IncidentView?> ViewAsync(IIncident incident)
    {
        while (true)
        {
            try
            {
                return await incident.GetAsync();
            }
            catch (JournalUnavailableException)
            {
                // Another silo takes the actor over meanwhile.
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>Sends until it is decided: the key makes that safe, whatever got lost on the way. Null: refused.</summary>
    private async Task<Accepted?> SettleAsync(Func<string, Task<Outcome>> send)
    {
        var key = Guid.NewGuid().ToString("n");
        while (true)
        {
            switch (await send(key))
            {
                case Accepted accepted:
                    return accepted;
                case Unavailable unavailable:
                    await Task.Delay(unavailable.RetryAfter);
                    break;
                case Rejected rejected:
                    says.WriteLine($"refused by {rejected.Rule}: {rejected.Sentence}");
                    return null;
            }
        }
    }

    /// <summary>The next call shows the handle's token.</summary>
    private Call As(string handle, string? key)
    {
        if (tokens.TryGetValue(handle, out var token)) CallToken.Show(token);
        return new Call { At = default, Seed = "", By = handle, Key = key };
    }
}
