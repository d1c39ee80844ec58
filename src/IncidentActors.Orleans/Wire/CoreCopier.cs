using Orleans.Serialization.Cloning;

namespace IncidentActors.Orleans.Wire;

/// <summary>Whatever Core sends cannot be changed, so a call within one silo hands over the thing itself instead of a copy.</summary>
internal sealed class CoreCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) => CoreSerialization.IsOfCore(type);

    public object? DeepCopy(object? input, CopyContext context) => input;
}
