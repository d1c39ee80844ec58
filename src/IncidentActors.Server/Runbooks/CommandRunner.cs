using System.ComponentModel;
using System.Diagnostics;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Server.Runbooks;

/// <summary>Runs programs with their arguments, never a shell. A program gets none of the server's environment but a few names that programs
/// need and those that its runbook lists.</summary>
internal static class CommandRunner
{
    /// <summary>Characters of output that are kept of one run: its beginning.</summary>
    public const int MaxOutput = 64 * 1024;

    private static readonly string[] Environment = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "SystemRoot", "TEMP"];

    /// <summary>The steps one after the other, ended by the first that fails or by the time.</summary>
    public static async Task<FinishRun> RunAsync(
        string runId, Runbook runbook, IEnumerable<IReadOnlyList<string>> steps, SecretMask mask, CancellationToken late)
    {
        var output = new RunOutput(MaxOutput, mask);
        foreach (var step in steps)
        {
            output.Line("$ " + Shown(step));
            try
            {
                var code = await StepAsync(step, runbook, output, late);
                if (code != 0) return new FinishRun(runId, RunStatus.Failed, code, output.ToString());
            }
            catch (OperationCanceledException)
            {
                output.Line("ended: its time was up");
                return new FinishRun(runId, RunStatus.TimedOut, null, output.ToString());
            }
            catch (Win32Exception error)
            {
                output.Line(error.Message);
                return new FinishRun(runId, RunStatus.Failed, null, output.ToString());
            }
        }

        return new FinishRun(runId, RunStatus.Succeeded, 0, output.ToString());
    }

    /// <summary>For people: arguments with blanks in quotes.</summary>
    public static string Shown(IEnumerable<string> step) =>
        string.Join(' ', step.Select(argument => argument.Length > 0 && !argument.Any(char.IsWhiteSpace) ? argument : $"'{argument}'"));

    private static async Task<int> StepAsync(IReadOnlyList<string> step, Runbook runbook, RunOutput output, CancellationToken late)
    {
        var start = new ProcessStartInfo(step[0])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var argument in step.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var name in Environment.Concat(runbook.Environment))
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        var reading = Task.WhenAll(output.ReadAsync(process.StandardOutput, late), output.ReadAsync(process.StandardError, late));
        try
        {
            await process.WaitForExitAsync(late);
            await reading;
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
