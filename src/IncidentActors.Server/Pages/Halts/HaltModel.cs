using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Halts;

/// <summary>One halt, and whether its visitor may lift it.</summary>
/// <param name="Refusal">Why not; null: the visitor may.</param>
public sealed record HaltModel(HaltView Halt, string? Refusal)
{
    internal static async Task<HaltModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Views.HaltAsync(id) is not { } halt) return null;
        if (halt.LiftedAt is not null || await request.CallerAsync() is not { } caller) return new HaltModel(halt, null);
        var stored = (await request.Engine.Journal.LoadAsync(ActorId.Halt(id), request.Aborted))!;
        var incident = halt.IncidentId is null ? null : await request.Engine.Journal.LoadAsync(ActorId.Incident(halt.IncidentId), request.Aborted);
        var commander = incident?.State<IncidentState>().Commander;
        return new HaltModel(halt, HaltDecider.CheckLifter(stored.State<HaltState>(), caller, commander)?.Sentence);
    }
}
