using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Incidents;

namespace IncidentActors.Silo.Incidents;

/// <summary>Declarations through their grains; what was answered before is looked up on this silo.</summary>
internal sealed class ClusterDeclarations(ClusterActors actors, Declarations here) : IDeclarations
{
    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => actors.DeclareAsync(declare, call);

    public Task<Outcome?> JoinAsync(JoinAlerts join, Call call) => actors.JoinAsync(join, call);

    public Task<Outcome?> FirstAnswerAsync(Call call) => here.FirstAnswerAsync(call);
}
