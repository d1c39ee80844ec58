using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Pages.Clocks;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>A clock of an incident that has not been stopped.</summary>
/// <param name="Name">What is to be done, for people: <c>acknowledge</c>; after it rang,
/// who is told that it was not: <c>acknowledge: overdue, next reminder</c>.</param>
public sealed record IncidentClock(string Name, string Id, RunningClock Clock)
{
    internal static async Task<ImmutableArray<IncidentClock>> OfAsync(ClockReader reader, IncidentView incident)
    {
        if (!incident.Status.IsOngoing()) return [];
        var clocks = ImmutableArray.CreateBuilder<IncidentClock>();
        if (incident.AcknowledgedAt is null) await AddAsync("acknowledge", IncidentDecider.RespondClock);
        if (incident.Assessment?.Complete != true) await AddAsync("assess", IncidentDecider.AssessClock);
        if (incident.Mitigations is [.., { DoneAt: null }]) await AddAsync("mitigate", IncidentDecider.MitigationClock);
        return clocks.ToImmutable();

        async Task AddAsync(string name, string clock)
        {
            if (await reader.OfAsync(ActorId.Incident(incident.Id), clock) is not { } running) return;
            var rang = incident.Escalations.Any(escalation => escalation.Clock == clock);
            clocks.Add(new IncidentClock(rang ? $"{name}: overdue, next reminder" : name, clock, running));
        }
    }
}
