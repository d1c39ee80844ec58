namespace IncidentActors.Testing;

/// <summary>On a binding: why its facts cannot run here.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>Null: they can. Where <c>CI=true</c> nothing may be skipped, so the facts run and fail.</summary>
    public abstract string? Missing { get; }
}

public sealed class NeedsPostgresAttribute : NeedsAttribute
{
    public override string? Missing => PostgresServer.Missing;
}
