namespace IncidentActors.Behaviour;

/// <summary>A behaviour that every engine shows; here in a cluster.</summary>
public sealed class BehaviourFactAttribute : FactAttribute;
