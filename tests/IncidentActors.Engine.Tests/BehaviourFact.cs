namespace IncidentActors.Behaviour;

/// <summary>A behaviour that actors show with and without a silo; here without.</summary>
public sealed class BehaviourFactAttribute : FactAttribute;
