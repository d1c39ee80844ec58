using System.Diagnostics;
using System.Net.Sockets;
using System.Net;
using System.Text;

namespace IncidentActors.Testing;

/// <summary>A real server process on loopback that the test starts, stalls, kills and starts again on the same port.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly string[] arguments;
    private readonly StringBuilder output = new();
    private Process? process;

    private const string KeyHeader = "Idempotency-Key";

    /// <summary>In an argument: the port.</summary>
    public const string PortHere = "{port}";

    /// <param name="arguments">After <c>serve --port …</c>: the journal, the data folder, …</param>
    public ServerProcess(params string[] arguments)
    {
        Lane.StartsProcess();
        this.arguments = arguments;
        Port = Ports.Free();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = Eventually.LongestDeadline };
    }

    public int Port { get; }
    public HttpClient Client { get; }

    /// <summary>What the process has printed so far, of all its lives.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Environment variables that the process gets besides this one's.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public int Id => process!.Id;

    /// <summary>Starts the process and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        var own = arguments.Select(argument => argument.Replace(PortHere, $"{Port}", StringComparison.Ordinal));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "incident-server.dll"), "serve", "--port", $"{Port}", .. own])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        process = Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilReadyAsync();
    }

    public async Task UntilReadyAsync()
    {
        try
        {
            await Eventually.TrueAsync(IsReadyAsync, "readiness of the server");
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"{late.Message}:\n{Output}");
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        if (process!.HasExited) throw new InvalidOperationException($"the server ended with {process.ExitCode}:\n{Output}");
        try
        {
            using var limit = new CancellationTokenSource(Eventually.Deadline);
            using var answer = await Client.GetAsync("/readyz", limit.Token);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or OperationCanceledException)
        {
            // Not listening yet.
            return false;
        }
    }

    /// <summary>Sends a request as every client does: what is answered 503 is sent again under the same key.</summary>
    /// <param name="make">Makes the same request each time.</param>
    /// <returns>The answer, with any other status; the caller disposes it.</returns>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make)
    {
        var key = $"{Guid.NewGuid():n}";
        HttpResponseMessage? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                answer?.Dispose();
                using var request = make();
                if (request.Method == HttpMethod.Post && !request.Headers.Contains(KeyHeader)) request.Headers.Add(KeyHeader, key);
                answer = await Client.SendAsync(request);
                return answer.StatusCode != HttpStatusCode.ServiceUnavailable;
            },
            "an answer of the server");
        return answer!;
    }

    /// <summary>The body of a successful answer, as text.</summary>
    public async Task<string> GetStringAsync(string path)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path));
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? body : throw new HttpRequestException($"{path}: {(int)answer.StatusCode} {body}");
    }

    /// <summary>SIGKILL: no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        if (process is null || process.HasExited) return;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the process stands still in the middle of whatever it does.</summary>
    public void Stall() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>SIGTERM, and wait for the orderly end; the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal("TERM");
        return EndAsync();
    }

    /// <summary>The process has ended, of its own accord or not.</summary>
    public bool HasEnded => process is null or { HasExited: true };

    /// <summary>Waits until it ends; the exit code.</summary>
    public async Task<int> EndAsync()
    {
        try
        {
            await process!.WaitForExitAsync().EndsAsync("the end of the server");
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"{late.Message}:\n{Output}");
        }

        return process.ExitCode;
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process!.Id}"]);
        kill.WaitForExit();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            Resume();
            await KillAsync();
        }

        process?.Dispose();
        Client.Dispose();
    }
}
