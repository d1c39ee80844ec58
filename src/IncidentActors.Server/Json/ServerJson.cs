using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Json;

namespace IncidentActors.Server.Json;

/// <summary>How the server reads arguments and writes answers: Core's options, with the server's types in addition.</summary>
public static class ServerJson
{
    /// <summary>Nesting of what callers send; nothing that is understood comes near it.</summary>
    public const int MaxDepth = 32;

    public static readonly JsonSerializerOptions Options = Make(new TimeText());

    /// <summary>For schemas: numbers are numbers, though digits in a text are read too.</summary>
    public static readonly JsonSerializerOptions Schemas = new(Make()) { NumberHandling = JsonNumberHandling.Strict };

    public static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    public static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value, Info<T>());

    private static JsonSerializerOptions Make(params ReadOnlySpan<JsonConverter> readers)
    {
        var options = new JsonSerializerOptions(CoreJson.Views)
        {
            MaxDepth = MaxDepth,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(ServerJsonContext.Default, CoreJson.Options.TypeInfoResolver),
        };
        foreach (var reader in readers) options.Converters.Add(reader);
        options.MakeReadOnly();
        return options;
    }
}
