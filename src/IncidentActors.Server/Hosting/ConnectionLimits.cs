using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IncidentActors.Server.Hosting;

/// <summary>
/// Keeps connections free for callers that have shown a token: a connection without one is closed when its address holds too many, when few
/// are left, or when it has been idle for <see cref="StrangerIdle"/>.
/// </summary>
internal sealed class ConnectionLimits(TimeProvider time) : BackgroundService
{
    public const int MaxConnections = 5000;

    /// <summary>Maximum number of connections of one address without a token.</summary>
    public const int MaxPerAddress = 1000;

    /// <summary>Connections that are kept free for callers before their token is read.</summary>
    private const int Reserve = 500;

    public static readonly TimeSpan StrangerIdle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Peer> peers = new();

    public void Use(ListenOptions endpoint) => endpoint.Use(next => async connection =>
    {
        var peer = new Peer(connection, time.GetTimestamp());
        connection.Features.Set(peer);
        peers[connection.ConnectionId] = peer;
        MakeRoom(peer);
        try
        {
            await next(connection);
        }
        finally
        {
            peers.TryRemove(connection.ConnectionId, out _);
        }
    });

    /// <summary>Before authentication: a request in progress keeps its connection, also while its identity provider is asked.</summary>
    public static void UseConnectionLimits(WebApplication app)
    {
        var limits = app.Services.GetRequiredService<ConnectionLimits>();
        app.Use(limits.ServeAsync);
    }

    private async Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Peer>() is not { } peer)
        {
            await next(http);
            return;
        }

        Interlocked.Increment(ref peer.Busy);
        try
        {
            await next(http);
        }
        finally
        {
            if (http.User.Identity is { IsAuthenticated: true }) peer.Known = true;
            peer.LastUsed = time.GetTimestamp();
            Interlocked.Decrement(ref peer.Busy);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var peer in peers.Values.Where(peer => peer.MayGo && time.GetElapsedTime(peer.LastUsed) > StrangerIdle)) peer.Close();
        }
    }

    private void MakeRoom(Peer arrived)
    {
        if (peers.Count <= MaxPerAddress) return;
        var strangers = peers.Values.Where(peer => peer.MayGo && peer != arrived).ToList();
        var near = strangers.Where(peer => peer.Address.Equals(arrived.Address)).ToList();
        var crowd = near.Count >= MaxPerAddress ? near : peers.Count > MaxConnections - Reserve ? strangers : [];
        crowd.MinBy(peer => peer.LastUsed)?.Close();
    }

    /// <summary>One connection.</summary>
    private sealed class Peer(ConnectionContext connection, long opened)
    {
        public volatile bool Known;
        public int Busy;

        public long LastUsed { get; set; } = opened;
        public IPAddress Address { get; } = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;

        /// <summary>Has shown no token, and no request waits for it.</summary>
        public bool MayGo => !Known && Volatile.Read(ref Busy) == 0;

        public void Close() => connection.Abort(new ConnectionAbortedException("Closed to make room: no token was shown on it."));
    }
}
