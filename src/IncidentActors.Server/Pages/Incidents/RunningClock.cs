using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>A clock of an incident that runs now.</summary>
/// <param name="Name">For people: <c>acknowledge</c>.</param>
/// <param name="Due">As the engine will ring it: time that it stood under a halt is in it.</param>
public sealed record RunningClock(string Name, DateTimeOffset Due)
{
    internal static async Task<ImmutableArray<RunningClock>> OfAsync(IJournal journal, IncidentView incident, CancellationToken cancel)
    {
        if (!incident.Status.IsOngoing()) return [];
        var clocks = ImmutableArray.CreateBuilder<RunningClock>();
        if (incident.AcknowledgedAt is null) await AddAsync("acknowledge", IncidentDecider.RespondClock);
        if (incident.Assessment?.Complete != true) await AddAsync("assess", IncidentDecider.AssessClock);
        if (incident.Mitigations is [.., { DoneAt: null }]) await AddAsync("mitigate", IncidentDecider.MitigationClock);
        return clocks.ToImmutable();

        async Task AddAsync(string name, string clock)
        {
            if (await journal.EffectAsync($"{ActorId.Incident(incident.Id)}#{clock}", cancel) is { } effect) clocks.Add(new RunningClock(name, effect.Due));
        }
    }
}
