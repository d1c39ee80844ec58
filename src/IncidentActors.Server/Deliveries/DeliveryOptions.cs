using System.Collections.Immutable;

namespace IncidentActors.Server.Deliveries;

/// <summary>How deliveries go out.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Where people reach this server: links in notifications begin with it.</summary>
    public Uri PublicUrl { get; init; } = NoPublicUrl;

    /// <summary>Nothing is said of where people reach the server.</summary>
    public static readonly Uri NoPublicUrl = new("http://127.0.0.1:7070");

    /// <summary>Deliveries may also go to loopback and private addresses.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Waiting time after the first, second, … failed attempt; after the last one the delivery is a dead letter.</summary>
    public ImmutableArray<TimeSpan> Delays { get; init; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10),
    ];

    /// <summary>What a receiver may ask for by <c>Retry-After</c> at most.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time that a receiver has to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one node delivers a subscription before another may take over; renewed in time. Longer than <see cref="Timeout"/>.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often what other nodes changed is looked for.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Deliveries of one subscription that wait at most; the feed itself keeps the rest.</summary>
    public int MaxWaiting { get; init; } = 500;

    /// <summary>Incidents of one subscription that are delivered at the same time.</summary>
    public int AtOnce { get; init; } = 8;
}
