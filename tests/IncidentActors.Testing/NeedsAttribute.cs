using Xunit.Sdk;

namespace IncidentActors.Testing;

/// <summary>On a binding: why its facts cannot run here. They start processes, so the fast lane leaves them out.</summary>
[TraitDiscoverer(SlowDiscoverer.Type, SlowDiscoverer.Assembly)]
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute, ITraitAttribute
{
    /// <summary>Null: they can. Where <c>CI=true</c> nothing may be skipped, so the facts run and fail.</summary>
    public abstract string? Missing { get; }
}

public sealed class NeedsPostgresAttribute : NeedsAttribute
{
    public override string? Missing => PostgresServer.Missing;
}
