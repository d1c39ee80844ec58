using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Texts;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Tools;

/// <summary>Logs the outcome of each tool call, with the ids of its incident and ATP.</summary>
internal static class ToolLog
{
    /// <summary>Characters of an id that a caller has sent; a refused call may hold anything there.</summary>
    private const int MaxIdLength = 120;

    public static void LogOutcome(this ILogger log, string tool, ToolCall call, Outcome outcome)
    {
        switch (outcome)
        {
            case Accepted accepted when log.IsEnabled(LogLevel.Information):
                log.Done(
                    tool, call.Call.By, accepted.Replayed ? " again" : "",
                    Text(call.Arguments, "incidentId") ?? Text(accepted.Answer, "incidentId") ?? Id(accepted.Answer, "INC-") ?? Log.None,
                    Text(call.Arguments, "atpId") ?? Text(accepted.Answer, "atpId") ?? Id(accepted.Answer, "AT-") ?? Log.None);
                break;
            case Rejected rejected when log.IsEnabled(LogLevel.Information):
                log.Refused(tool, call.Call.By, rejected.Rule, Text(call.Arguments, "incidentId") ?? Log.None, Text(call.Arguments, "atpId") ?? Log.None);
                break;
            case Unavailable unavailable:
                log.Away(tool, call.Call.By, unavailable.Sentence);
                break;
        }
    }

    private static string? Id(JsonElement answer, string prefix) =>
        Text(answer, "id") is { } id && id.StartsWith(prefix, StringComparison.Ordinal) ? id : null;

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? SafeText.OneLine(value.GetString()!, MaxIdLength)
            : null;
}
