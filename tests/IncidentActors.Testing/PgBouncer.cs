using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IncidentActors.Testing;

/// <summary>A real PgBouncer of the machine's own package in front of a PostgreSQL server.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly string folder = Directory.CreateTempSubdirectory("pgbouncer-").FullName;
    private readonly Process process;

    private PgBouncer(int server, string settings)
    {
        var file = Path.Combine(folder, "pgbouncer.ini");
        File.WriteAllText(
            file,
            $"""
            [databases]
            * = host=127.0.0.1 port={server} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port}
            unix_socket_dir =
            auth_type = any
            {settings}
            """);
        var start = new ProcessStartInfo(Program) { RedirectStandardError = true, RedirectStandardOutput = true };
        if (Environment.IsPrivilegedProcess)
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            start.ArgumentList.Add("-u");
            start.ArgumentList.Add("postgres");
        }

        start.ArgumentList.Add(file);
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Null: it is installed.</summary>
    public static string? Missing => File.Exists(Program) ? PostgresServer.Missing : "PgBouncer is not installed (Debian package pgbouncer)";

    public int Port { get; } = Ports.Free();

    /// <param name="settings">Lines of the section <c>[pgbouncer]</c>.</param>
    public static async Task<PgBouncer> StartAsync(int server, string settings)
    {
        var started = new PgBouncer(server, settings);
        await Eventually.TrueAsync(
            () => started.process.HasExited
                ? throw new InvalidOperationException($"pgbouncer ended with {started.process.ExitCode}")
                : started.ListensAsync(),
            "pgbouncer listening");
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
