using System.Globalization;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Reports;

namespace IncidentActors.Cli.Drill;

/// <summary>
/// Writes the incident's report, as the server generates it, and what became of outside actions, where it outlives
/// the drill: here, or where that is not allowed, among the temporary files.
/// </summary>
internal static class DrillReport
{
    /// <returns>The full path of the file.</returns>
    /// <exception cref="DrillFailedException">The server gave no report, or the file cannot be written.</exception>
    public static async Task<string> WriteAsync(Uri server, HttpMessageHandler http, DrillResult result, string? wanted, CancellationToken cancel)
    {
        var incident = result.Incident;
        using var client = new ServerClient(new ServerAddress(server, Handle.Operator, null, null), http, Task.Delay, _ => { });
        var answer = await client.GetAsync($"/api/incidents/{incident}/report", cancel);
        if (!answer.Ok) throw DrillFailedException.Of($"the report of {incident}", answer);
        var name = $"drill-report-{incident}.md";
        string[] places = wanted is not null ? [wanted] : [name, Path.Combine(Path.GetTempPath(), name)];
        foreach (var place in places)
        {
            try
            {
                await File.WriteAllTextAsync(place, answer.Read<ReportView>().Markdown + Outside(result), cancel);
                return Path.GetFullPath(place);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (place == places[^1]) throw new DrillFailedException($"The report cannot be written to {place}: {error.Message}");
            }
        }

        throw new InvalidOperationException("there is no place for a report");
    }

    private static string Outside(DrillResult result) => result.Outside is not { } outside
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"\n## Outside actions under {result.Halt}\n\n"
            + $"- Open at the raise: {outside.AtRaise}, {outside.Confirmed} of them reported by their enforcement point\n"
            + $"- The last one had to end by {outside.MustEndBy:HH:mm:ss} UTC\n"
            + $"- {(outside.QuietAt is { } quiet ? $"Quiet at {quiet:HH:mm:ss.fff} UTC" : "Not quiet")}\n");
}
