using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace IncidentActors.Testing;

/// <summary>A program that serves HTTP on loopback out of a temporary folder of its own; both are gone when it is disposed.</summary>
public sealed class HttpProgram : IAsyncDisposable
{
    private readonly string folder;
    private readonly Process process;
    private readonly StringBuilder output = new();

    private HttpProgram(string program, Func<string, string, string[]> arguments)
    {
        Lane.StartsProcess();
        folder = Directory.CreateTempSubdirectory($"{Path.GetFileName(program)}-").FullName;
        var address = $"127.0.0.1:{Ports.Free()}";
        Client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        process = Process.Start(new ProcessStartInfo(program, arguments(folder, address))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public HttpClient Client { get; }

    /// <summary>Starts the program and waits until it answers.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Of its folder and the address (<c>127.0.0.1:port</c>) that it is to serve; may write files there.</param>
    /// <param name="ready">A path that answers with success from when on it serves.</param>
    public static async Task<HttpProgram> StartAsync(string program, Func<string, string, string[]> arguments, string ready)
    {
        var started = new HttpProgram(program, arguments);
        try
        {
            await started.UntilAsync(ready);
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }

        return started;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task UntilAsync(string ready)
    {
        try
        {
            await Eventually.TrueAsync(() => AnswersAsync(ready), $"an answer of {process.StartInfo.FileName}");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}:\n{Said()}");
        }
    }

    private async Task<bool> AnswersAsync(string path)
    {
        if (process.HasExited) throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}:\n{Said()}");
        try
        {
            using var response = await Client.GetAsync(path);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or OperationCanceledException)
        {
            // Not listening yet.
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
    }

    private string Said()
    {
        lock (output) return output.ToString();
    }
}
