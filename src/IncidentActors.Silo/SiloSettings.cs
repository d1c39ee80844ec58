using System.Net;

namespace IncidentActors.Silo;

/// <summary>How a silo is reached, how it finds the others, and its limits.</summary>
public sealed record SiloSettings
{
    public const int DefaultSiloPort = 11111;

    /// <summary>PostgreSQL connection string of the cluster's membership; null: this silo is the whole cluster.</summary>
    public string? Postgres { get; init; }

    /// <summary>Silos with the same name on the same database are one cluster.</summary>
    public string ClusterId { get; init; } = "incident-actors";

    /// <summary>Stays the same over deployments.</summary>
    public string ServiceId { get; init; } = "incident-actors";

    /// <summary>The address on which the silo listens and under which others reach it.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port for other silos. If the default port is taken, a free one is used; 0 means any free port.</summary>
    public int SiloPort { get; init; } = DefaultSiloPort;

    /// <summary>Port for clients of grains. Null: no such port, only the host and other silos call grains. 0: any free port.</summary>
    public int? GatewayPort { get; init; }

    /// <summary>Certificates for both ports; null: what passes there is neither encrypted nor authenticated.</summary>
    public SiloTls? Tls { get; init; }

    /// <summary>An actor leaves memory when it was not called for this time.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the silo's grains may take to finish what they do when it stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Calls that may wait for one actor; above it callers are asked to come again.</summary>
    public int MaxQueuedPerActor { get; init; } = 1000;

    /// <summary>Response timeout. After it the outcome is unknown; retry with the same idempotency key.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Probe timeout and interval. A silo that misses two probes in a row is suspected; two votes take it out of the cluster.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Membership refresh interval. An evicted silo notices the eviction within this time.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Interval in which a silo writes into the membership table that it is alive. One that has missed three writes is ignored by
    /// silos that start.</summary>
    public TimeSpan AliveInterval { get; init; } = TimeSpan.FromSeconds(5);
}
