using IncidentActors.Orleans;

namespace IncidentActors.Server.Tests;

/// <summary>A test on the cluster engine: skipped with the reason where its packages did not restore.</summary>
public sealed class OrleansFactAttribute : FactAttribute
{
    public OrleansFactAttribute() => Skip = OrleansHosting.Missing;
}
