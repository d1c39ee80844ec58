using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentActors.Server.Tests.Fuzz;

/// <summary>Seeded bodies none of which is a good request: each spoils a good one in one way.</summary>
internal sealed class HostileBodies(int seed, JsonObject good, JsonObject schema)
{
    private const int Ways = 12;

    private readonly Random random = new(seed);

    /// <summary>Arguments that the tool does not have are kept as texts and answered with a warning: only what it demands can be spoilt.</summary>
    private bool KeepsUnknown => schema["additionalProperties"] is not JsonValue value || value.GetValueKind() != JsonValueKind.False;

    public byte[] Next() => random.Next(Ways) switch
    {
        3 or 8 or 9 when KeepsUnknown => WrongType(),
        0 => Text(good.ToJsonString())[..random.Next(1, Text(good.ToJsonString()).Length)],
        1 => Noise(),
        2 => [.. "{\"x\":\""u8, 0xff, (byte)random.Next(128, 256), .. "\"}"u8],
        3 => With($"x{random.Next()}", JsonValue.Create("unknown")),
        4 => WrongType(),
        5 => Text(new string(random.Next(2) == 0 ? '[' : '{', random.Next(40, 5000))),
        6 => Text($"{{\"{Name()}\":\"a\",\"{Name()}\":\"b\",\"{Name()}\":\"c\",\"z\":1,\"z\":2}}"),
        7 => Text($"{{\"{Name()}\":\"{(random.Next(2) == 0 ? "\\ud83d" : "\\u0000")}\"}}"),
        8 => Text(
            good.ToJsonString()[..^1] + $", \"{Name()}\": {JsonValue.Create(HostileText.Next(random)).ToJsonString()}, \"nobody's\": 1}}"),
        9 => With(JsonValue.Create(HostileText.Next(random)).ToString(), JsonValue.Create(HostileText.Next(random))),
        10 => Text(((string[])["[]", "7", "\"x\"", "null", "true", "[{}]", "{}{}"])[random.Next(7)]),
        _ => WrongType(),
    };

    /// <summary>One of the tool's arguments; for a tool without any, one that it does not know.</summary>
    private string Name() =>
        schema["properties"] is JsonObject { Count: > 0 } properties
            ? properties.Select(property => property.Key).ElementAt(random.Next(properties.Count))
            : "nothing";

    private byte[] Noise()
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        bytes[0] = (byte)'{';
        return [.. bytes, 0];
    }

    private byte[] WrongType()
    {
        var name = KeepsUnknown && schema["required"] is JsonArray { Count: > 0 } required ? required[random.Next(required.Count)]!.GetValue<string>() : Name();
        var type = schema["properties"]?[name]?["type"]?.ToJsonString() ?? "";
        JsonNode wrong = type.Contains("string", StringComparison.Ordinal) && !type.Contains("array", StringComparison.Ordinal)
            ? Any(new JsonObject { ["a"] = 1 }, new JsonArray(1), JsonValue.Create(true))
            : Any(JsonValue.Create("no"), new JsonObject { ["a"] = new JsonArray() }, new JsonArray(new JsonArray()), JsonValue.Create(1.5));
        return With(name, wrong);
    }

    private JsonNode Any(params JsonNode[] nodes) => nodes[random.Next(nodes.Length)];

    private byte[] With(string name, JsonNode value)
    {
        var body = good.DeepClone().AsObject();
        body[name] = value;
        return Text(body.ToJsonString());
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A body that the schema accepts, with its required properties only.</summary>
    public static JsonObject Good(JsonElement schema)
    {
        var body = new JsonObject();
        if (!schema.TryGetProperty("required", out var required)) return body;
        foreach (var name in required.EnumerateArray().Select(one => one.GetString()!))
        {
            var property = schema.GetProperty("properties").GetProperty(name);
            body[name] = property.TryGetProperty("enum", out var words) ? words[0].GetString() : "x1";
        }

        return body;
    }
}
