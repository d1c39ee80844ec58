using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace IncidentActors.Testing;

/// <summary>
/// A real PostgreSQL of the machine's own package in a temporary folder with <c>fsync</c> on: one for a test run, and one more for each class
/// that breaks it. Another process holds the end of a pipe: it stops the server and removes the folder when this process ends, however it ends.
/// </summary>
public sealed class PostgresServer
{
    /// <summary>Recovery and shutdown on a slow disk; <c>pg_ctl</c>'s own is 60.</summary>
    private const string PatienceSeconds = "300";

    private static readonly Lazy<PostgresServer> TheOne = new(() => new PostgresServer());
    private static readonly ConcurrentDictionary<string, Lazy<PostgresServer>> Broken = new();

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():n}");
    private readonly int port = Ports.Free();
    private readonly Process watchdog;
    private int databases;

    private PostgresServer()
    {
        Lane.StartsProcess();
        if (Missing is { } reason) throw new InvalidOperationException(reason);
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", folder);
        RunAsServer("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions");

        // Of many tests at once every node, and every database that a test has looked into, keeps idle connections: 240 were seen on two cores.
        var options = string.Create(
            CultureInfo.InvariantCulture, $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=1000 -c fsync=on");
        RunAsServer("pg_ctl", "start", "-w", "-t", PatienceSeconds, "-s", "-D", Data, "-l", Path.Combine(folder, "log"), "-o", options);
        var whenThisEnds = $"cat; {string.Join(' ', AsServer("pg_ctl"))} stop -s -m immediate -D {Data}; rm -rf {folder}";
        watchdog = Process.Start(new ProcessStartInfo("sh", ["-c", whenThisEnds]) { RedirectStandardInput = true })!;
    }

    public static PostgresServer Shared => TheOne.Value;

    /// <summary>One that the tests of a class may restart: those of other classes, which run at the same time, are on others.</summary>
    public static PostgresServer ToBeBrokenBy(string testClass) => Broken.GetOrAdd(testClass, _ => new(() => new PostgresServer())).Value;

    /// <summary>Why there can be no server here, or null.</summary>
    public static string? Missing =>
        Binaries is null ? "PostgreSQL is not installed (Debian: apt-get install postgresql)" : null;

    /// <summary>Path of a program of the server's package: <c>pgbench</c>.</summary>
    public static string Program(string name) => Path.Combine(Binaries ?? throw new InvalidOperationException(Missing), name);

    private static string? Binaries => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private string Data => Path.Combine(folder, "data");

    public int Port => port;

    /// <summary>Stops without a checkpoint, as a crash would, and starts again: connections break, what was committed is recovered.</summary>
    public void RestartImmediately() =>
        RunAsServer(
            "pg_ctl", "restart", "-w", "-t", PatienceSeconds, "-s", "-D", Data, "-m", "immediate", "-l", Path.Combine(folder, "log"));

    /// <summary>The connection string of a new, empty database; it sorts like a dictionary, as many real ones do.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        ObjectDisposedException.ThrowIf(watchdog.HasExited, this);
        var name = string.Create(CultureInfo.InvariantCulture, $"journal_{Interlocked.Increment(ref databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand(
            $"create database {name} template template0 locale_provider icu icu_locale 'en'", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>A machine that stands still for a while may do so while somebody connects: longer than the journal's own 5 s.</summary>
    private string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Timeout=60");

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsServer(string program)
    {
        var file = Path.Combine(Binaries!, program);
        return Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", file] : [file];
    }

    private static void RunAsServer(string program, params string[] arguments)
    {
        var command = AsServer(program);
        Run(command[0], [.. command.Skip(1), .. arguments]);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
