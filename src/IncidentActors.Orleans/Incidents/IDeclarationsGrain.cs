using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Orleans.Incidents;

/// <summary>Where incidents are declared by callers outside the cluster: any silo answers. Key 0.</summary>
[Alias("incident-actors.declarations")]
public interface IDeclarationsGrain : IGrainWithIntegerKey
{
    /// <summary>Declares, or joins the ongoing incident with the same deduplication key, alert group or alert. The answer is the
    /// incident; its <c>created</c> tells which.</summary>
    [Alias("declare")]
    Task<Outcome> DeclareAsync(DeclareIncident declare, Call call);
}
