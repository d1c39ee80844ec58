using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentActors.Cli.Http;

/// <summary>What went wrong as problem details (RFC 9457), for <c>--json</c>: as the server sent them, or in the same form what happened here.</summary>
internal static class ProblemJson
{
    private const string Rules = "https://incidentactors.dev/rules/";

    /// <summary>A refusal, a body that is not JSON (a proxy's), or no answer at all.</summary>
    public static string Of(ServerAnswer answer)
    {
        if (answer.Status is not { } status) return Of(ExitCodes.Unreachable, [answer.Trouble ?? "The server cannot be reached."]);
        try
        {
            if (answer.Json().ValueKind == JsonValueKind.Object) return answer.Body;
        }
        catch (JsonException)
        {
            // Not of this server: said below.
        }

        var problem = Write("server.answer", $"{(int)status} {status}", Problem.Read(answer).Sentence);
        problem["status"] = (int)status;
        return problem.ToJsonString();
    }

    /// <param name="sentences">All that is wrong.</param>
    public static string Of(int exitCode, IReadOnlyCollection<string> sentences)
    {
        var (rule, title) = exitCode switch
        {
            ExitCodes.Usage => ("client.command-line", "The command line is wrong"),
            ExitCodes.Unreachable => ("client.unreachable", "The server cannot be reached"),
            ExitCodes.NotFound => ("client.unknown", "Unknown"),
            ExitCodes.Unavailable => ("client.answer", "The answer could not be read"),
            _ => ("client.refused", "Not done"),
        };
        var problem = Write(rule, title, string.Join(' ', sentences));
        if (sentences.Count > 1) problem["errors"] = JsonParts.Array(sentences);
        return problem.ToJsonString();
    }

    private static JsonObject Write(string rule, string title, string detail) =>
        new() { ["type"] = Rules + rule, ["title"] = title, ["detail"] = detail, ["rule"] = rule };
}
