using System.Net;
using System.Net.Sockets;
using System.Text;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Hosting;

/// <summary>Strangers cannot keep an operator out by holding connections.</summary>
public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task Idle_connections_without_a_token_give_way()
    {
        const int Beyond = 20;
        await using var guarded = await GuardedServer.StartAsync();
        var held = new List<Socket>();
        try
        {
            for (var i = 0; i < ConnectionLimits.MaxPerAddress + Beyond; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(guarded.Server.Address.Host, guarded.Server.Address.Port);
                await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\nHost: {guarded.Server.Address.Authority}\r\n\r\n"));
                held.Add(socket);
            }

            await Eventually.TrueAsync(() => Task.FromResult(held.Count(IsClosed) >= Beyond / 2), "connections that give way");
            (await guarded.GetAsync("/api/tokens", guarded.Root)).IsOk();
            await Eventually.TrueAsync(() => Task.FromResult(held.All(IsClosed)), "idle connections to be closed");
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>PagerDuty's senders show their key in the body, so a body may be read before its sender is known.</summary>
    [Fact]
    public async Task Half_sent_bodies_of_unknown_senders_are_few_and_do_not_last()
    {
        const int MaxPerAddress = 32;
        await using var guarded = await GuardedServer.StartAsync();
        var key = (await guarded.TokenAsync(new { handle = "@pagerduty" })).Text("secret");
        var alert = new
        {
            routing_key = key, event_action = "trigger", dedup_key = "d", payload = new { summary = "Disk full", source = "db", severity = "warning" },
        };
        var held = new List<Socket>();
        try
        {
            // On a slow machine the first may have ended before the last has begun, so there are new ones until it is seen.
            await Eventually.TrueAsync(
                async () =>
                {
                    held.AddRange(await Task.WhenAll(Enumerable.Range(0, MaxPerAddress).Select(_ => HalfSentAsync(guarded.Server.Address))));
                    return (await guarded.PostAsync("/v2/enqueue", null, alert)).Status == HttpStatusCode.TooManyRequests;
                },
                "too many bodies at once");
            await Eventually.TrueAsync(
                async () => (await guarded.PostAsync("/v2/enqueue", null, alert)).Status == HttpStatusCode.Accepted, "the end of slow bodies");
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<Socket> HalfSentAsync(Uri server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Host, server.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v2/enqueue HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{{"));
        return socket;
    }

    /// <summary>The answer has been read, and the other end has closed or reset.</summary>
    private static bool IsClosed(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (socket.Available > 0) socket.Receive(buffer);
            return socket.Poll(0, SelectMode.SelectRead) && socket.Receive(buffer) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
