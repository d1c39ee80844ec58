using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace IncidentActors.Cli.Guards;

/// <summary>
/// A second process that ends the group at its deadline although the guard itself is stopped, and at once when the guard is gone. The guard
/// writes each deadline to it as one line: permit, group (0: not known yet), milliseconds, grace in milliseconds. The first line comes before the
/// command is started, so that no moment is left in which nothing would end it.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    public const string Verb = "guard-watchdog";

    private readonly Lock changing = new();
    private Process process;
    private (string Permit, int Group, long Deadline, TimeSpan Grace)? told;
    private bool done;

    private Watchdog() => process = Begin();

    public int Id => process.Id;

    public static Watchdog Start() => new();

    /// <param name="group">0: the command is about to be started.</param>
    /// <param name="left">Until the command must be gone.</param>
    public void Renew(string permit, int group, TimeSpan left, TimeSpan grace)
    {
        lock (changing)
        {
            told = (permit, group, Stopwatch.GetTimestamp() + (long)(left.TotalSeconds * Stopwatch.Frequency), grace);
            Write();
        }
    }

    public void Dispose()
    {
        lock (changing)
        {
            done = true;
            try
            {
                process.StandardInput.WriteLine("done");
                process.StandardInput.Dispose();
            }
            catch (IOException)
            {
                // It is gone already.
            }

            process.Dispose();
        }
    }

    private Process Begin()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        start.ArgumentList.Add(Verb);
        var begun = new Process { StartInfo = start, EnableRaisingEvents = true };
        // Not within the event, which is raised under the process's own lock.
        begun.Exited += (_, _) => Task.Run(() => Replace(begun));
        begun.Start();
        return begun;
    }

    /// <summary>A watchdog that was killed is replaced, and the new one knows the deadline. One that ended the group at its deadline has nothing left
    /// to do.</summary>
    private void Replace(Process gone)
    {
        lock (changing)
        {
            if (done || process != gone || told?.Deadline < Stopwatch.GetTimestamp()) return;
            process.Dispose();
            process = Begin();
            Write();
        }
    }

    private void Write()
    {
        if (told is not var (permit, group, deadline, grace)) return;
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
        try
        {
            process.StandardInput.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{permit} {group} {(long)Math.Max(0, left.TotalMilliseconds)} {(long)grace.TotalMilliseconds}"));
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It was killed; its successor gets the deadline.
        }
    }

    /// <summary>Runs in the watchdog's process.</summary>
    public static async Task<int> RunAsync(TextReader input)
    {
        // Ctrl-C goes to the whole foreground group of a terminal; the watchdog outlives it.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, received => received.Cancel = true);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, received => received.Cancel = true);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, received => received.Cancel = true);
        var (permit, group, grace, deadline) = ("", 0, TimeSpan.Zero, long.MaxValue);
        var line = Task.Run(input.ReadLine);
        while (true)
        {
            var left = deadline == long.MaxValue ? TimeSpan.FromHours(1) : Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
            if (left > TimeSpan.Zero && await Task.WhenAny(line, Task.Delay(left)) == line)
            {
                switch (await line)
                {
                    case "done":
                        return ExitCodes.Ok;
                    case null:
                        if (permit.Length > 0) await EndAsync(permit, group, grace);
                        return ExitCodes.Ok;
                    case var told when told.Split(' ') is [var id, var leader, var milliseconds, var graceful]:
                        permit = id;
                        group = int.Parse(leader, CultureInfo.InvariantCulture);
                        grace = TimeSpan.FromMilliseconds(long.Parse(graceful, CultureInfo.InvariantCulture));
                        deadline = Stopwatch.GetTimestamp() + (long)(long.Parse(milliseconds, CultureInfo.InvariantCulture) / 1000.0 * Stopwatch.Frequency);
                        break;
                }

                line = Task.Run(input.ReadLine);
            }
            else if (deadline != long.MaxValue)
            {
                Kill(permit, group);
                return ExitCodes.Ok;
            }
        }
    }

    private static async Task EndAsync(string permit, int group, TimeSpan grace)
    {
        if (group != 0) Posix.SignalGroup(group, Posix.Terminate);
        MarkedProcesses.Signal(permit, Posix.Terminate);
        var until = Stopwatch.GetTimestamp() + (long)(grace.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < until && group != 0 && Posix.SignalGroup(group, 0)) await Task.Delay(20);
        Kill(permit, group);
    }

    private static void Kill(string permit, int group)
    {
        if (group != 0) Posix.SignalGroup(group, Posix.Kill);
        MarkedProcesses.Signal(permit, Posix.Kill);
    }
}
