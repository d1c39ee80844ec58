using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Metrics;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Metrics;

/// <summary>The metrics over everything that the journal holds.</summary>
public sealed class MetricsReader(TurnExecutor turns)
{
    private const int Page = 1000;

    public async Task<MetricsReport> ReadAsync(CancellationToken cancel)
    {
        var incidents = await AllAsync<IncidentState>(ActorKind.Incident, cancel);
        var atps = await AllAsync<AtpState>(ActorKind.Atp, cancel);
        return MetricsCalculation.Of(incidents, atps, turns.Options.Flows, turns.Options.Policy, turns.Options.Time.GetUtcNow());
    }

    private async Task<List<T>> AllAsync<T>(ActorKind kind, CancellationToken cancel)
        where T : IActorState
    {
        var all = new List<T>();
        string? cursor = null;
        do
        {
            var page = await turns.Journal.ListAsync(new ActorFilter(kind) { OldestFirst = true, Limit = Page, Cursor = cursor }, cancel);
            all.AddRange(page.States<T>());
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }
}
