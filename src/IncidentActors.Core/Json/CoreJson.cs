using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncidentActors.Core.Json;

/// <summary>How Core's types are written as JSON: camelCase, enums by name, null left out, times in RFC 3339.</summary>
public static class CoreJson
{
    public static readonly JsonSerializerOptions Options = Make();

    /// <summary>For views: what is not known yet is there as null.</summary>
    public static readonly JsonSerializerOptions Views = new(Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>The same, indented, for files and people.</summary>
    public static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = CoreJsonContext.Default,
        };
        options.MakeReadOnly();
        return options;
    }
}
