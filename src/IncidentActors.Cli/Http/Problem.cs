using System.Collections.Immutable;
using System.Text.Json;

namespace IncidentActors.Cli.Http;

/// <summary>A refusal as the server words it (RFC 9457): the rule, a sentence, what is allowed, and the halt where one covers the work.</summary>
internal sealed record Problem(string? Rule, string Sentence, ImmutableArray<string> Allowed, JsonElement? Halt)
{
    /// <summary>What meets the rule: who does it, and by which command line.</summary>
    public ImmutableArray<(string Who, string Command)> Next { get; init; } = [];

    public static Problem Read(ServerAnswer answer)
    {
        try
        {
            var json = answer.Json();
            return new Problem(
                json.Text("rule") ?? RuleOf(json.Text("type")),
                json.Text("detail") ?? json.Text("title") ?? Plain(answer),
                [.. json.List("allowed").Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : one.ToString())],
                json.Part("halt"))
            {
                Next = [.. json.List("next").Select(one => (one.Text("who") ?? "", one.Text("command") ?? ""))],
            };
        }
        catch (JsonException)
        {
            return new Problem(null, Plain(answer), [], null);
        }
    }

    private static string Plain(ServerAnswer answer) => answer switch
    {
        { Page: { } title } => $"{title} (a page, as of a proxy: not an answer of IncidentActors).",
        { Trouble: { } trouble } => trouble,
        { Body.Length: > 0 and < 400 } => answer.Body.Trim(),
        _ => $"The server answered {(int)answer.Status!.Value} {answer.Status}.",
    };

    private static string? RuleOf(string? type)
    {
        const string marker = "/rules/";
        var at = type?.LastIndexOf(marker, StringComparison.Ordinal) ?? -1;
        return at < 0 ? null : type![(at + marker.Length)..];
    }
}
