namespace IncidentActors.Server.Probes;

/// <summary>Which sites are looked at, and how.</summary>
public sealed record ProbeOptions
{
    /// <summary>Addresses; none: nothing is probed.</summary>
    public IReadOnlyList<Uri> Sites { get; init; } = [];

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that a site has for its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Failures in a row that make an outage.</summary>
    public int Failures { get; init; } = 3;
}
