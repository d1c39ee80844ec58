using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Lists;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Runbooks;

/// <summary>The loaded runbooks, and the open incidents for which they can be run.</summary>
public sealed record RunbooksModel(ImmutableArray<Runbook> Runbooks, ImmutableArray<IncidentState> Open)
{
    private const int MaxIncidents = 20;

    internal static async Task<RunbooksModel> ReadAsync(PageRequest request)
    {
        var open = new ActorFilter(ActorKind.Incident) { Open = true };
        var (found, _) = await DocumentScan.FindAsync<IncidentState>(request, open, _ => true, MaxIncidents);
        return new RunbooksModel(request.Engine.Options.Runbooks.All, [.. found.Select(one => one.State).Take(MaxIncidents)]);
    }
}
