namespace IncidentActors.Behaviour;

/// <summary>A behaviour that every engine shows; the embedded one is always there.</summary>
public sealed class BehaviourFactAttribute : FactAttribute;
