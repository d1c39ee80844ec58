using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Now;

/// <summary>What is broken, what is stopped, who does what, what waits.</summary>
/// <param name="Incidents">Open ones, most severe first, then newest.</param>
/// <param name="Next">Cursor of the incidents that are not shown, or null.</param>
public sealed record NowModel(ImmutableArray<IncidentView> Incidents, string? Next)
{
    private const int MostIncidents = 60;

    internal static async Task<NowModel> ReadAsync(PageRequest request)
    {
        var page = await request.Engine.Journal.ListAsync(new ActorFilter(ActorKind.Incident) { Open = true, Limit = MostIncidents, Cursor = request.Query("after") }, request.Aborted);
        return new NowModel(
            [.. page.Actors.Select(stored => IncidentView.Of((IncidentState)States.Read(ActorKind.Incident, stored.Document.Span), stored.Version))],
            page.Next);
    }
}
