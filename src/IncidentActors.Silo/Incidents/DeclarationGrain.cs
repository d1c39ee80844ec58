using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Incidents;

namespace IncidentActors.Silo.Incidents;

/// <summary>Holds nothing: it serialises what is declared under its key. It waits for incidents' grains, and they never wait for it.</summary>
[GrainType("declaration")]
internal sealed class DeclarationGrain(IGrainContext context, Declarations declarations) : IDeclarationGrain, IGrainBase
{
    public IGrainContext GrainContext => context;

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => declarations.DeclareAsync(declare, call);

    public Task<Outcome?> JoinAsync(JoinAlerts join, Call call) => declarations.JoinAsync(join, call);
}
