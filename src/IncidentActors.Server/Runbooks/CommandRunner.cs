using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Server.Runbooks;

/// <summary>Runs programs with their arguments, never a shell; what they print is captured up to a limit.</summary>
internal static class CommandRunner
{
    /// <summary>Characters of output that are kept of one run: its beginning.</summary>
    public const int MostOutput = 64 * 1024;

    /// <summary>The steps one after the other, ended by the first that fails or by the time.</summary>
    public static async Task<FinishRun> RunAsync(string runId, IEnumerable<IReadOnlyList<string>> steps, CancellationToken late)
    {
        var output = new Output();
        foreach (var step in steps)
        {
            output.Line("$ " + Shown(step));
            try
            {
                var code = await StepAsync(step, output, late);
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

    private static async Task<int> StepAsync(IReadOnlyList<string> step, Output output, CancellationToken late)
    {
        var start = new ProcessStartInfo(step[0])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var argument in step.Skip(1)) start.ArgumentList.Add(argument);
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Line(line.Data);
        process.ErrorDataReceived += (_, line) => output.Line(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(late);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Lines of both streams in the order in which they came.</summary>
    private sealed class Output
    {
        private readonly StringBuilder text = new();
        private bool cut;

        public void Line(string? line)
        {
            if (line is null) return;
            lock (text)
            {
                if (cut) return;
                cut = text.Length + line.Length > MostOutput;
                text.Append(cut ? $"[cut at {MostOutput} characters]" : line).Append('\n');
            }
        }

        public override string ToString()
        {
            lock (text) return text.ToString();
        }
    }
}
