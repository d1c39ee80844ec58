using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IncidentActors.Testing;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>
/// An agent's program with the official client, over HTTP or the bridge. It repeats what it got no result of, under the same idempotency key, and connects
/// again under another session's name when its client, its bridge or its session is gone. At one step the given party is killed.
/// </summary>
/// <param name="answered">True: after the answer; false: after the request.</param>
internal sealed class KilledAgent(ServerProcess server, string transport, string party, string at, bool answered) : IAsyncDisposable
{
    private const string Agent = "@dev";
    private readonly SemaphoreSlim told = new(0);
    private McpClient? client;
    private Process? bridge;
    private HttpClient? http;
    private List<Socket>? sockets;
    private bool hit;

    /// <summary>The client has not been killed, nor has its session ended.</summary>
    public bool Lives => client is not null;

    /// <summary>What was told until now counts no more.</summary>
    public void Forget()
    {
        while (told.Wait(0))
        {
            // One less.
        }
    }

    /// <summary>Waits for the notification that the inbox has changed.</summary>
    public Task ToldAsync() => told.WaitAsync().EndsAsync("the notification");

    /// <summary>Does a step until it has a result.</summary>
    public async Task<T> DoAsync<T>(string step, Func<McpClient, Task<T>> what)
    {
        var result = default(T);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    var now = step == at && !hit;
                    var doing = WithClientAsync(what);
                    if (now && !answered) await KillAsync();
                    result = await doing.EndsAsync(step);
                    if (now && answered) await KillAsync();
                    return true;
                }
                catch (Exception error) when (error is not (TimeoutException or Xunit.Sdk.XunitException))
                {
                    await DropAsync();
                    return false;
                }
            },
            step);
        return result!;
    }

    /// <summary>Calls a tool until it has a result that is no error.</summary>
    /// <param name="read">Gives what is wanted of the structured result.</param>
    /// <param name="said">Gets the texts of the result.</param>
    public async Task<T> CallAsync<T>(string step, string tool, object arguments, Func<JsonElement, T> read, Action<string>? said = null)
    {
        CallToolResult? result = null;
        await Eventually.TrueAsync(
            async () =>
            {
                result = await DoAsync(step, mcp => mcp.CallAsync(tool, arguments));
                Assert.True(result.IsError != true || IsUnavailable(result), result.Text());
                return result.IsError != true;
            },
            step);
        said?.Invoke(result!.Text());
        return read(result!.StructuredContent!.Value);
    }

    /// <summary>Says the server, or the bridge where there is no server.</summary>
    private static bool IsUnavailable(CallToolResult result) =>
        (int?)result.Meta?["incidentactors/problem"]?["status"] == 503
        || $"{result.StructuredContent} {result.Text()}".Contains("unavailable", StringComparison.OrdinalIgnoreCase);

    public async ValueTask DisposeAsync() => await DropAsync();

    private async Task<T> WithClientAsync<T>(Func<McpClient, Task<T>> what) => await what(client ??= await ConnectAsync());

    private async Task<McpClient> ConnectAsync()
    {
        var name = $"w-{Guid.NewGuid():n}";
        var options = new McpClientOptions { ProtocolVersion = "2025-11-25", InitializationTimeout = Eventually.LongestDeadline };
        var connected = await McpClient.CreateAsync(transport == "http" ? Http(name) : Stdio(name), options);
        connected.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (_, _) =>
        {
            told.Release();
            return ValueTask.CompletedTask;
        });
        return connected;
    }

    private StreamClientTransport Stdio(string name)
    {
        string[] arguments = ["mcp", "--server", server.Client.BaseAddress!.ToString(), "--agent", Agent, "--session", name];
        bridge = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "incident.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new StreamClientTransport(bridge.StandardInput.BaseStream, bridge.StandardOutput.BaseStream);
    }

    private HttpClientTransport Http(string name)
    {
        var life = sockets = [];
        http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (context, cancel) => OpenAsync(life, context.DnsEndPoint, cancel) });
        return new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(server.Client.BaseAddress!, "/mcp"),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["X-Agent"] = Agent, ["X-Session"] = name },
            },
            http);
    }

    /// <summary>A killed client opens no further connection.</summary>
    private async ValueTask<Stream> OpenAsync(List<Socket> life, DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to, cancel);
        lock (life)
        {
            if (sockets != life) socket.Dispose();
            else life.Add(socket);
        }

        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task KillAsync()
    {
        hit = true;
        switch (party)
        {
            case "client":
                await EndClientAsync();
                break;
            case "bridge":
                bridge!.Kill();
                await bridge.WaitForExitAsync();
                client = null;
                break;
            case "server":
                await server.KillAsync();
                await server.StartAsync();
                // Over HTTP the session has ended with the server, and its client sees that; the bridge keeps its client's.
                if (transport == "http") await DropAsync();
                break;
            default:
                PostgresServer.ToBeBrokenBy(nameof(KilledPartyTests)).RestartImmediately();
                break;
        }
    }

    /// <summary>As the system ends the connections of a program that is killed: nothing is said any more.</summary>
    private async Task EndClientAsync()
    {
        client = null;
        if (bridge is not null)
        {
            bridge.StandardInput.Close();
            bridge.StandardOutput.Close();
            await bridge.WaitForExitAsync().EndsAsync("the end of the bridge without its client");
        }

        if (sockets is not { } life) return;
        lock (life)
        {
            sockets = null;
            foreach (var socket in life) socket.Dispose();
        }
    }

    private async Task DropAsync()
    {
        var gone = client;
        client = null;
        try
        {
            if (gone is not null) await gone.DisposeAsync();
        }
        catch (Exception error) when (error is IOException or HttpRequestException or SocketException
            or McpException or ObjectDisposedException or OperationCanceledException)
        {
            // Its other side was killed.
        }

        if (bridge is { HasExited: false })
        {
            bridge.Kill();
            await bridge.WaitForExitAsync();
        }

        bridge?.Dispose();
        bridge = null;
        http?.Dispose();
        http = null;
    }
}
