using IncidentActors.Core.Atps;

namespace IncidentActors.Silo.Atps;

/// <summary>One ATP as a grain; its key is the ATP's id, <c>AT-EMRG-01</c>.</summary>
[Alias("incident-actors.atp")]
public interface IAtpGrain : IAtp, IGrainWithStringKey;
