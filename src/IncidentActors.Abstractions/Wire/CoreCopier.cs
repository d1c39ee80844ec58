using Orleans.Serialization.Cloning;

namespace IncidentActors.Silo.Wire;

/// <summary>Types of Core are immutable, so a call within one silo passes the object itself instead of a copy.</summary>
internal sealed class CoreCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) => CoreSerialization.IsOfCore(type);

    public object? DeepCopy(object? input, CopyContext context) => input;
}
