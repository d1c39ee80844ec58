using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Core.Decisions;

/// <summary>Where actors are reached: in this process, or over the cluster. Asking for one does not create it.</summary>
public interface IActorDirectory
{
    IIncident Incident(string id);
    IAtp Atp(string id);

    /// <param name="handle">Normalised: <c>@dev</c>.</param>
    IAgent Agent(string handle);
    IHalt Halt(string id);

    IKnowledge Knowledge(string id);
}
