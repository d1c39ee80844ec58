using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Json;

namespace IncidentActors.Cli.Http;

/// <summary>What came of a request.</summary>
/// <param name="Status">Null: no answer came; <paramref name="Trouble"/> says why.</param>
/// <param name="Body">As the server sent it.</param>
internal sealed record ServerAnswer(HttpStatusCode? Status, string Body, string? Trouble = null, TimeSpan? RetryAfter = null)
{
    public bool Ok => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    public int ExitCode => Status is { } status ? ExitCodes.Of(status) : ExitCodes.Unreachable;

    /// <exception cref="JsonException">The body is not what this program expects: the server is of another version.</exception>
    public T Read<T>() => JsonSerializer.Deserialize(Body, (JsonTypeInfo<T>)CoreJson.Options.GetTypeInfo(typeof(T)))
        ?? throw new JsonException("the answer is null");

    /// <exception cref="JsonException">The body is not JSON.</exception>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }
}
