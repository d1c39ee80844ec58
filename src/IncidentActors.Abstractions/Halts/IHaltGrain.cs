using IncidentActors.Core.Halts;

namespace IncidentActors.Silo.Halts;

/// <summary>One halt as a grain; its key is the halt's id, <c>HLT-…</c>.</summary>
[Alias("incident-actors.halt")]
public interface IHaltGrain : IHalt, IGrainWithStringKey;
