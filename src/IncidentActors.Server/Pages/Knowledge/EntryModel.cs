using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Knowledge;

/// <param name="Similar">How the entry was shown to the incident when it was declared.</param>
public sealed record UsedBy(IncidentState Incident, SimilarIncident Similar);

/// <summary>One entry, and the incidents that were shown it.</summary>
/// <param name="About">The incident that it was learned from; null if it is unknown here.</param>
/// <param name="Used">Newest first; the newest <see cref="MaxUsed"/> of them.</param>
public sealed record EntryModel(KnowledgeView View, IncidentView? About, ImmutableArray<UsedBy> Used, int UsedCount)
{
    private const int AtOnce = 1000;
    private const int MaxUsed = 100;

    public KnowledgeEntry Entry => View.Entry;

    internal static async Task<EntryModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Knowledge.GetAsync(id, request.Aborted) is not { } view) return null;
        var about = view.Entry.IncidentId is { } incident && IdText.IsWellFormed(incident) ? await request.Engine.Views.IncidentAsync(incident) : null;
        var used = await UsedAsync(request, id);
        return new EntryModel(view, about, [.. used.OrderByDescending(one => one.Incident.DeclaredAt).Take(MaxUsed)], used.Count);
    }

    private static async Task<List<UsedBy>> UsedAsync(PageRequest request, string id)
    {
        var used = new List<UsedBy>();
        string? cursor = null;
        do
        {
            var page = await request.Engine.Journal.ListAsync(new ActorFilter(ActorKind.Incident) { Limit = AtOnce, Cursor = cursor }, request.Aborted);
            foreach (var incident in page.States<IncidentState>())
            {
                if (incident.Similar.FirstOrDefault(similar => similar.Id == id) is { } similar) used.Add(new UsedBy(incident, similar));
            }

            cursor = page.Next;
        }
        while (cursor is not null);
        return used;
    }
}
