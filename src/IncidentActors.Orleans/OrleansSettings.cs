namespace IncidentActors.Orleans;

/// <summary>How a silo finds the others, and how it lives.</summary>
public sealed record OrleansSettings
{
    public const int DefaultSiloPort = 11111;
    public const int DefaultGatewayPort = 30000;

    /// <summary>PostgreSQL connection string of the cluster's membership, reminders and snapshots; null: this machine is the whole cluster.</summary>
    public string? Postgres { get; init; }

    /// <summary>Silos with the same name on the same database are one cluster.</summary>
    public string ClusterId { get; init; } = "incident-actors";

    /// <summary>Stays the same over deployments: reminders and snapshots belong to it.</summary>
    public string ServiceId { get; init; } = "incident-actors";

    /// <summary>Where other silos reach this one. Left at its default it gives way to a free port when it is taken; 0: any free port.</summary>
    public int SiloPort { get; init; } = DefaultSiloPort;

    /// <summary>Where clients reach this silo; the same holds.</summary>
    public int GatewayPort { get; init; } = DefaultGatewayPort;

    /// <summary>The address that others use for this silo; null: found out.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>An actor that was not called for so long leaves memory.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the silo's grains may take to finish what they do when it stops.</summary>
    public TimeSpan DrainWithin { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Calls that may wait for one actor; above it callers are told to come again.</summary>
    public int MostQueuedPerActor { get; init; } = 1000;

    /// <summary>After this a caller is told that the outcome is unknown.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A silo that does not answer a probe for so long is asked by others too; two of them, and it is out of the cluster.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a silo reads who is in the cluster, besides being told: so long it may take to notice that it was taken out itself.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(10);
}
