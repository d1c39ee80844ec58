using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Silo.Incidents;

/// <summary>
/// Where incidents are declared: one grain for each deduplication key, alert group or alert, so that declarations of one problem come one
/// after the other. Its key is a <see cref="DeclarationKey"/>.
/// </summary>
[Alias("incident-actors.declaration")]
public interface IDeclarationGrain : IGrainWithStringKey
{
    /// <summary>Declares, or joins the ongoing incident with the same deduplication key, alert group or alert. The answer is the
    /// incident; its <c>created</c> tells which.</summary>
    [Alias("declare")]
    Task<Outcome> DeclareAsync(DeclareIncident declare, Call call);

    /// <summary>Adds alerts to the ongoing incident that already has their group or one of these alerts.
    /// Null if there is no such incident. Never declares an incident.</summary>
    [Alias("join")]
    Task<Outcome?> JoinAsync(JoinAlerts join, Call call);
}
