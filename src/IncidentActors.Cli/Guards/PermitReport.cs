using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Permits;

namespace IncidentActors.Cli.Guards;

/// <summary>Reports the outcome of an action to the server. Without a report the outcome is unknown until a person reports it.</summary>
internal static class PermitReport
{
    /// <summary>A server that restarts is waited for.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    /// <param name="notes">Cut at 900 characters.</param>
    /// <returns>Null if the server has stored the report, otherwise a sentence that says why not.</returns>
    public static async Task<string?> SendAsync(Line line, string permitId, PermitOutcome outcome, string notes = "")
    {
        var body = JsonParts.Body(("outcome", outcome.ToString().ToLowerInvariant()), ("notes", notes.Length > 900 ? notes[..900] : notes));
        using var late = new CancellationTokenSource(Timeout);
        ServerAnswer? answer = null;
        try
        {
            while (true)
            {
                answer = await line.Quick().PostAsync($"/api/permits/{permitId}/end", body, $"{permitId}-end", late.Token);
                if (answer.Ok) return null;
                if (answer.Status is { } status && (int)status < 500) return Problem.Read(answer).Sentence;
                await line.Terminal.Pause(RetryInterval, late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            if (answer is null) return $"{line.Server.Address} did not answer within {Timeout.TotalSeconds:0} s.";
            return answer.Trouble ?? Problem.Read(answer).Sentence;
        }
    }
}
