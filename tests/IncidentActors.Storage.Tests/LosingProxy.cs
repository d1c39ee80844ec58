using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IncidentActors.Storage.Tests;

/// <summary>Stands between a client and a server and can lose an answer: the server has done what was asked, the client sees a
/// connection that broke. Or it loses what was asked: the client sees the same, the server has done nothing.</summary>
internal sealed class LosingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly IPEndPoint server;
    private readonly Task accepting;
    private readonly ConcurrentQueue<(byte[] Text, bool Arrives)> losses = new();
    private volatile bool refuseAfterwards;
    private volatile bool refusing;

    public LosingProxy(int serverPort)
    {
        server = new IPEndPoint(IPAddress.Loopback, serverPort);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Loses the answer to what holds this text, and the connection with it.</summary>
    /// <param name="thenRefuse">From then on nobody gets through to the server.</param>
    public void LoseAnswerTo(string text, bool thenRefuse = false)
    {
        refuseAfterwards = thenRefuse;
        losses.Enqueue((Encoding.ASCII.GetBytes(text), Arrives: true));
    }

    /// <summary>Loses what holds this text, and the connection with it.</summary>
    public void LoseRequest(string text) => losses.Enqueue((Encoding.ASCII.GetBytes(text), Arrives: false));

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await accepting;
        listener.Stop();
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
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(server, closing.Token);
        var lost = new TaskCompletionSource();
        var asking = PumpAsync(near, far, asked =>
        {
            if (!losses.TryPeek(out var next) || asked.Span.IndexOf(next.Text) < 0) return true;
            losses.TryDequeue(out _);
            refusing = refuseAfterwards;
            lost.SetResult();
            return next.Arrives;
        });
        var answering = PumpAsync(far, near, _ => !lost.Task.IsCompleted);
        await Task.WhenAny(asking, answering);
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, closing.Token) is > 0 and var read)
            {
                if (!passes(buffer.AsMemory(0, read))) return;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), closing.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }
}
