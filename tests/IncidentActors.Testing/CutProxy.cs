using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Testing;

/// <summary>Between a node and its database: passes bytes on until it cuts, either before what the node sends arrives or after it
/// arrived and before the answer does. New connections pass again, unless it is <see cref="Away"/>.</summary>
public sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Pair> pairs = [];
    private readonly Task accepting;
    private volatile bool away;

    public CutProxy(int serverPort)
    {
        listener.Start();
        accepting = AcceptAsync(serverPort);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The database cannot be reached: every connection ends, and no further one is made.</summary>
    public bool Away
    {
        get => away;
        set
        {
            away = value;
            lock (pairs)
            {
                foreach (var pair in pairs.Where(_ => value)) pair.Close();
            }
        }
    }

    /// <summary>Cuts every connection at its next bytes: requests are lost, or only their answers.</summary>
    public void Cut(bool loseAnswer)
    {
        lock (pairs)
        {
            foreach (var pair in pairs) pair.Lose(loseAnswer);
            pairs.Clear();
        }
    }

    private async Task AcceptAsync(int serverPort)
    {
        try
        {
            while (true)
            {
                var node = await listener.AcceptTcpClientAsync(stop.Token);
                var server = new TcpClient();
                if (away)
                {
                    node.Dispose();
                    continue;
                }

                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, serverPort, stop.Token);
                }
                catch (SocketException)
                {
                    node.Dispose();
                    continue;
                }

                lock (pairs)
                {
                    pairs.Add(new Pair(node, server));
                    if (away) pairs[^1].Close();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The proxy is closed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        Cut(loseAnswer: false);
    }

    private sealed class Pair
    {
        private readonly TcpClient node;
        private readonly TcpClient server;
        private volatile bool loseRequest;
        private volatile bool loseAnswer;

        public Pair(TcpClient node, TcpClient server)
        {
            this.node = node;
            this.server = server;
            _ = PumpAsync(node, server, () => loseRequest);
            _ = PumpAsync(server, node, () => loseAnswer);
        }

        public void Lose(bool answer)
        {
            if (answer) loseAnswer = true;
            else loseRequest = true;
        }

        public void Close()
        {
            node.Dispose();
            server.Dispose();
        }

        private async Task PumpAsync(TcpClient from, TcpClient to, Func<bool> lost)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await from.GetStream().ReadAsync(buffer) is var read and > 0)
                {
                    if (lost()) break;
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The other side is gone.
            }

            Close();
        }
    }
}
