using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Engine.Tests.Journals;

/// <summary>Stands between a client and a server and can lose an answer: the server has done what was asked, the client sees a
/// connection that broke.</summary>
internal sealed class LosingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly IPEndPoint server;
    private readonly Task accepting;
    private int toLose;
    private volatile bool refusing;

    public LosingProxy(int serverPort)
    {
        server = new IPEndPoint(IPAddress.Loopback, serverPort);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The next answer that comes from the server is lost, with its connection.</summary>
    public void LoseNextAnswer() => Interlocked.Exchange(ref toLose, 1);

    /// <summary>From the lost answer on, nobody gets through to the server.</summary>
    public void LoseNextAnswerAndRefuse()
    {
        refusing = true;
        LoseNextAnswer();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(closing.Token);
                if (refusing) client.Dispose();
                else _ = ServeAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(server, closing.Token);
        var asking = PumpAsync(near, far, losing: false);
        var answering = PumpAsync(far, near, losing: true);
        await Task.WhenAny(asking, answering);
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool losing)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, closing.Token) is > 0 and var read)
            {
                if (losing && Interlocked.Exchange(ref toLose, 0) == 1) return;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), closing.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }
}
