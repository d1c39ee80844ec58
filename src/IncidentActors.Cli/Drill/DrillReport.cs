using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;

namespace IncidentActors.Cli.Drill;

/// <summary>Writes the incident's report, as the server generates it, where it outlives the drill.</summary>
internal static class DrillReport
{
    /// <returns>The full path of the file.</returns>
    /// <exception cref="DrillFailedException">The server gave no report, or the file cannot be written.</exception>
    public static async Task<string> WriteAsync(Uri server, HttpMessageHandler http, string incident, string? wanted, CancellationToken cancel)
    {
        using var client = new ServerClient(new ServerAddress(server, Handle.Operator, null, null), http, Task.Delay, _ => { });
        var answer = await client.GetAsync($"/api/incidents/{incident}/report", cancel);
        if (!answer.Ok) throw DrillFailedException.Of($"the report of {incident}", answer);
        var path = Path.GetFullPath(wanted ?? $"drill-report-{incident}.md");
        try
        {
            await File.WriteAllTextAsync(path, answer.Body, cancel);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DrillFailedException($"The report cannot be written to {path}: {error.Message}");
        }
    }
}
