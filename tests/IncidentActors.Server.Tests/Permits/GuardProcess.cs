using System.Diagnostics;
using System.Text;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>A real <c>incident guard</c> with a real command in it.</summary>
internal sealed class GuardProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly TaskCompletionSource<(int Process, string Permit)> started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>In a shell script: says which process it is and goes on for ever.</summary>
    public const string Forever = "echo pid $$ $INCIDENT_PERMIT; exec sleep 100000";

    /// <summary>The same, deaf to SIGTERM.</summary>
    public const string Stubborn = "trap '' TERM; echo pid $$ $INCIDENT_PERMIT; while :; do sleep 1; done";

    private GuardProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>The command's process, once it has said so.</summary>
    public Task<int> Command => CommandAsync();

    /// <summary>The command's process and its permit, or null: the guard ended without starting it.</summary>
    public async Task<(int Process, string Permit)?> StartedAsync() =>
        await Task.WhenAny(started.Task, process.WaitForExitAsync()) == started.Task ? await started.Task : null;

    public Task ExitedAsync() => process.WaitForExitAsync();

    public static GuardProcess Start(Uri server, string agent, string script, params string[] options)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "incident.dll"), "guard", "--server", server.ToString(), "--agent", agent, .. options, "--", "sh", "-c",
                script,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var guard = new GuardProcess(Process.Start(start)!);
        guard.process.OutputDataReceived += (_, line) => guard.Keep(guard.output, line.Data);
        guard.process.ErrorDataReceived += (_, line) => guard.Keep(guard.errors, line.Data);
        guard.process.BeginOutputReadLine();
        guard.process.BeginErrorReadLine();
        return guard;
    }

    /// <summary>The guard's own second processes.</summary>
    public IReadOnlyList<int> Watchdogs() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture)).Where(one => IsAlive(one) && IsWatchdog(one)),
    ];

    private bool IsWatchdog(int one)
    {
        try
        {
            return File.ReadAllText($"/proc/{one}/cmdline").Contains("guard-watchdog", StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{one}/status").Contains($"PPid:\t{Id}\n", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    public StreamWriter Input => process.StandardInput;

    /// <summary>Waits until the command has written a line that begins so; the rest of that line.</summary>
    public async Task<string> SaysAsync(string beginning)
    {
        string? line = null;
        await Eventually.TrueAsync(
            () =>
            {
                lock (output) line = output.ToString().Split('\n').SkipLast(1).FirstOrDefault(one => one.StartsWith(beginning, StringComparison.Ordinal));
                return line is not null;
            },
            $"the line '{beginning}'");
        return line![beginning.Length..];
    }

    public async Task<(int Exit, string Output, string Errors)> EndedAsync()
    {
        await process.WaitForExitAsync().EndsAsync("the end of the guard");
        lock (output) return (process.ExitCode, output.ToString(), errors.ToString());
    }

    public void Signal(string name) => Send(name, Id);

    public static void Send(string name, int process)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        kill.WaitForExit();
    }

    /// <summary>It runs, and is not only waiting to be reaped.</summary>
    public static bool IsAlive(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat") is var stat && stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Keep(StringBuilder kept, string? line)
    {
        if (line is null) return;
        lock (output) kept.AppendLine(line);
        if (line.Split(' ') is ["pid", var number, .. var permit] && int.TryParse(number, out var id)) started.TrySetResult((id, string.Concat(permit)));
    }

    private async Task<int> CommandAsync() => (await started.Task.EndsAsync("the start of the guarded command")).Process;

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
