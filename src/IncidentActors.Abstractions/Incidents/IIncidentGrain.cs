using IncidentActors.Core.Incidents;

namespace IncidentActors.Silo.Incidents;

/// <summary>One incident as a grain; its key is the incident's id, <c>INC-261121-01AAA</c>.</summary>
[Alias("incident-actors.incident")]
public interface IIncidentGrain : IIncident, IGrainWithStringKey;
