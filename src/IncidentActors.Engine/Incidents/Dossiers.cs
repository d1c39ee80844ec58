using IncidentActors.Core.Json;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>Reads incidents' timelines for reports.</summary>
public sealed class Dossiers(TurnExecutor turns)
{
    private const int Page = 1000;

    /// <summary>The incident's dossier, or null: not declared, or archived.</summary>
    public async Task<Dossier?> FindAsync(string incidentId, CancellationToken cancel)
    {
        try
        {
            return await ReadAsync(incidentId, cancel);
        }
        catch (ArchivedException)
        {
            return null;
        }
    }

    /// <summary>The incident's dossier as of the last commit, or null: not declared.</summary>
    /// <exception cref="ArchivedException">Its history is in an archive.</exception>
    public async Task<Dossier?> ReadAsync(string incidentId, CancellationToken cancel) =>
        await TimelineAsync(incidentId, cancel) is { } timeline ? new Dossier(incidentId, timeline) : null;

    /// <summary>The incident's past up to the last commit, or null: not declared.</summary>
    /// <exception cref="ArchivedException">Its history is in an archive.</exception>
    public async Task<Replay?> ReplayAsync(string incidentId, CancellationToken cancel) =>
        await TimelineAsync(incidentId, cancel) is { } timeline ? new Replay(incidentId, timeline) : null;

    private async Task<List<TimelineEvent>?> TimelineAsync(string incidentId, CancellationToken cancel)
    {
        if (await new IncidentActor(incidentId, turns).GetAsync() is not { } incident) return null;
        if (incident.Archived is { } archived) throw new ArchivedException(archived, incidentId);
        var timeline = new List<TimelineEvent>();
        for (string? cursor = null; ;)
        {
            var page = await turns.Journal.FeedAsync(cursor, Page, incidentId, cancel);
            if (page.Events.IsEmpty) return timeline;
            timeline.AddRange(page.Events.Select(
                stored => new TimelineEvent(stored.Actor, EventTypes.ReadAny(stored.Name, stored.Payload.Span), stored.At, stored.By)));
            cursor = page.Cursor;
        }
    }
}
