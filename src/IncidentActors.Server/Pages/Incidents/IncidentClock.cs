using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Pages.Clocks;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>A running clock of an incident.</summary>
/// <param name="Name">What must happen: <c>acknowledgement</c>, <c>assessment</c>, <c>mitigation</c>.</param>
/// <param name="Clock">Counts down to the due time; once overdue, to the next escalation.</param>
/// <param name="Overdue">Its time has passed.</param>
/// <param name="Told">Who was notified last, because it is overdue; null: it is not.</param>
/// <param name="ToldAt">When.</param>
/// <param name="Next">Who the next escalation reaches; null if the chain is at its end and its last handle is reminded.</param>
public sealed record IncidentClock(string Name, string Id, RunningClock Clock, bool Overdue, string? Told, DateTimeOffset ToldAt, string? Next)
{
    internal static async Task<ImmutableArray<IncidentClock>> OfAsync(ClockReader reader, IncidentView incident)
    {
        if (!incident.Status.IsOngoing()) return [];
        var clocks = ImmutableArray.CreateBuilder<IncidentClock>();
        if (incident.AcknowledgedAt is null) await AddAsync("acknowledgement", IncidentDecider.RespondClock);
        if (incident.Assessment?.Complete != true) await AddAsync("assessment", IncidentDecider.AssessClock);
        if (incident.Mitigations is [.., { DoneAt: null }]) await AddAsync("mitigation", IncidentDecider.MitigationClock);
        return clocks.ToImmutable();

        async Task AddAsync(string name, string clock)
        {
            if (await reader.OfAsync(ActorId.Incident(incident.Id), clock) is not { } running) return;
            var rang = incident.Escalations.FirstOrDefault(escalation => escalation.Clock == clock);
            clocks.Add(new IncidentClock(
                name, clock, running, rang is not null, rang?.Chain.ElementAtOrDefault(rang.Step - 1) ?? rang?.Chain.LastOrDefault(), rang?.At ?? default,
                rang?.Chain.ElementAtOrDefault(rang.Step)));
        }
    }
}
