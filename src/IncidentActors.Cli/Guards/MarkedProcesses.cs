using System.Text;

namespace IncidentActors.Cli.Guards;

/// <summary>
/// The processes of a guarded command, found by the permit's id in their environment: also those that have left its process group. Linux only;
/// elsewhere the process group is all that is known.
/// </summary>
internal static class MarkedProcesses
{
    public const string Variable = "INCIDENT_PERMIT";

    public static void Signal(string permit, int signal)
    {
        foreach (var process in Of(permit)) Posix.SignalProcess(process, signal);
    }

    public static bool Any(string permit) => Of(permit).Any();

    private static IEnumerable<int> Of(string permit)
    {
        if (!OperatingSystem.IsLinux()) yield break;
        var mark = Encoding.UTF8.GetBytes($"{Variable}={permit}\0");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var process) && process != Environment.ProcessId && Environ(folder).AsSpan().IndexOf(mark) >= 0)
                yield return process;
        }
    }

    private static byte[] Environ(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to another user.
            return [];
        }
    }
}
