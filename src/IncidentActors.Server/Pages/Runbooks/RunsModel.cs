using System.Collections.Immutable;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Runbooks;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Runbooks;

/// <summary>Runs of runbooks for one incident.</summary>
/// <param name="Chosen">The runbook to propose, or null.</param>
public sealed record RunsModel(IncidentView Incident, ImmutableArray<Runbook> Runbooks, Runbook? Chosen)
{
    internal static async Task<RunsModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Views.IncidentAsync(id) is not { } incident) return null;
        var runbooks = request.Engine.Options.Runbooks;
        return new RunsModel(incident, runbooks.All, request.Query("runbook") is { } chosen ? runbooks.Find(chosen) : null);
    }
}
