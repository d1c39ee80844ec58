using IncidentActors.Cli.Http;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Cli.Drill;

/// <summary>
/// A server process of the drill's own: a free loopback port, its data in a folder of the drill, ended by its id. When this process dies
/// the server's input ends, and it with it.
/// </summary>
internal sealed class DrillServer : IAsyncDisposable
{
    private const int FirstPort = 12_000;
    private const int Ports = 8_000;

    /// <summary>Variables that the drill's server does not inherit: journal, telemetry collector and first token of real servers.</summary>
    private static readonly string[] NotInherited = ["INCIDENT_JOURNAL", "OTEL_EXPORTER_OTLP_ENDPOINT", "INCIDENT_FIRST_TOKEN"];

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    private readonly string program;
    private readonly string folder;
    private readonly int port;
    private Process? process;

    /// <param name="program">The server's <c>.dll</c> or executable.</param>
    /// <param name="folder">Holds its data and its log; the caller's.</param>
    public DrillServer(string program, string folder)
    {
        this.program = program;
        this.folder = folder;
        port = FreePort();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
    }

    public Uri Address { get; }

    /// <summary>Speed of the server's clock, as a multiple of real time, from its next start on; null for real time.</summary>
    public double? ClockSpeed { get; set; }
    public string LogFile => Path.Combine(folder, "server.log");

    /// <summary>Returns when turns can be committed. May be called again after <see cref="KillAsync"/>: same port, same data.</summary>
    /// <exception cref="DrillFailedException">It did not start in time; the end of its log is in the message.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        var dotnet = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(dotnet ? "dotnet" : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] clock = ClockSpeed is { } speed ? ["--clock-speed", speed.ToString(CultureInfo.InvariantCulture)] : [];
        string[] arguments =
            ["serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", Path.Combine(folder, "data"), "--ends-with-input", .. clock];
        foreach (var argument in dotnet ? [program, .. arguments] : arguments) start.ArgumentList.Add(argument);
        foreach (var variable in NotInherited) start.Environment.Remove(variable);
        process = new Process { StartInfo = start };
        process.OutputDataReceived += Log;
        process.ErrorDataReceived += Log;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient(DirectLoopback.Handler()) { BaseAddress = Address };
        var since = Stopwatch.StartNew();
        while (!await IsReadyAsync(http, cancel))
        {
            if (process.HasExited || since.Elapsed > StartTimeout)
            {
                var what = process.HasExited ? $"ended with {process.ExitCode}" : $"was not ready within {StartTimeout.TotalSeconds} s";
                throw new DrillFailedException($"The server {what}:\n{LogEnd()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), cancel);
        }
    }

    /// <summary>Kills the process with SIGKILL and returns when it has ended.</summary>
    public async Task KillAsync()
    {
        if (process is not { } running) return;
        process = null;
        using (running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private void Log(object sender, DataReceivedEventArgs line)
    {
        lock (folder)
        {
            if (line.Data is not null && Directory.Exists(folder)) File.AppendAllText(LogFile, line.Data + "\n");
        }
    }

    private string LogEnd()
    {
        lock (folder) return File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(20)) : "(it said nothing)";
    }

    /// <summary>Below the range of ephemeral ports, so that no other process gets it before the server listens or while it restarts.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(FirstPort, FirstPort + Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The port is in use; try another one.
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancel)
    {
        try
        {
            using var response = await http.GetAsync("/readyz", cancel);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return false;
        }
    }
}
