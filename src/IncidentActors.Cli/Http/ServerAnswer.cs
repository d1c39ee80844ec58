using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Json;

namespace IncidentActors.Cli.Http;

/// <summary>The result of a request.</summary>
/// <param name="Status">Null: no answer came; <paramref name="Trouble"/> says why.</param>
/// <param name="Body">As the server sent it.</param>
/// <param name="Key">The idempotency key with which a command was sent; null: nothing was to be changed.</param>
internal sealed partial record ServerAnswer(HttpStatusCode? Status, string Body, string? Trouble = null, TimeSpan? RetryAfter = null, string? Key = null)
{
    /// <summary>Makes lists required, so that the answer of another version fails when it is read.</summary>
    private static readonly JsonSerializerOptions WithLists =
        new(CoreJson.Options) { TypeInfoResolver = CoreJson.Options.TypeInfoResolver!.WithAddedModifier(RequireLists) };

    public bool Ok => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    public int ExitCode => Status is { } status ? ExitCodes.Of(status) : ExitCodes.Unreachable;

    /// <summary>The heading of a page that a proxy or another program answered with; null: the body is not a page.</summary>
    public string? Page => Body.TrimStart() is not ['<', ..] ? null
        : Title().Match(Body) is { Success: true, Groups: [_, var title] } ? WebUtility.HtmlDecode(title.Value.Trim())
        : "a page without a title";

    /// <exception cref="JsonException">The body is not what this program expects: the server is of another version.</exception>
    public T Read<T>() => JsonSerializer.Deserialize(Visible.Json(Body), (JsonTypeInfo<T>)WithLists.GetTypeInfo(typeof(T)))
        ?? throw new JsonException("the answer is null");

    /// <exception cref="JsonException">The body is not JSON.</exception>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Visible.Json(Body));
        return document.RootElement.Clone();
    }

    private static void RequireLists(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            var isList = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
            if (isList && property.AssociatedParameter is { HasDefaultValue: false }) property.IsRequired = true;
        }
    }

    [GeneratedRegex("<title[^>]*>([^<]{1,120})", RegexOptions.IgnoreCase)]
    private static partial Regex Title();
}
