using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;
using Microsoft.AspNetCore.Routing;

namespace IncidentActors.Server.Tests.Fuzz;

/// <summary>Something that the server answers at, as its own routing table says: a new endpoint is fuzzed without anybody's doing.</summary>
/// <param name="Parameters">Names of what stands in braces.</param>
/// <param name="Query">Names of what it reads from the query.</param>
/// <param name="Schema">Of the body; without properties where the body is not read.</param>
/// <param name="Good">A body that is right but for one thing.</param>
internal sealed record FuzzedEndpoint(string Method, string Pattern, string[] Parameters, string[] Query, JsonObject Schema, JsonObject Good)
{
    private const string ToolPattern = "/api/tools/{tool}";

    /// <summary>Bodies of other people's formats, of which unknown parts are tolerated: each has one thing that is wrong for certain.</summary>
    private static readonly Dictionary<string, (string Schema, string Good)> Foreign = new()
    {
        ["/webhooks/alertmanager"] = (
            """{"properties":{"version":{"type":"string"},"groupKey":{"type":"string"},"alerts":{"type":"array"}}}""",
            """{"version":"4","groupKey":"g","alerts":[{"status":"firing","labels":{"severity":"P1"},"startsAt":"never"}]}"""),
        ["/v2/enqueue"] = (
            """{"properties":{"routing_key":{"type":"string"},"event_action":{"type":"string"},"payload":{"type":"object"}}}""",
            """{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"explode","payload":{"summary":"x","source":"y","severity":"error"}}"""),
        ["/mcp"] = (
            """{"properties":{"jsonrpc":{"type":"string"},"method":{"type":"string"},"params":{"type":"object"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"atp_create","arguments":{}}}"""),
    };

    public string Name => $"{Method} {Pattern}";

    /// <summary>Its body is read: the same path with a right one would do something.</summary>
    public bool ReadsBody => Schema["properties"] is JsonObject { Count: > 0 };

    public static IEnumerable<FuzzedEndpoint> All(RunningServer server) =>
        from route in server.Routes
        where route.Metadata.GetMetadata<AlertSource>() is null // They take what others refuse: Alerts/PayloadFuzzTests.
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        from endpoint in Of(route, method)
        select endpoint;

    private static IEnumerable<FuzzedEndpoint> Of(RouteEndpoint route, string method)
    {
        var pattern = "/" + route.RoutePattern.RawText!.Trim('/');
        if (pattern == ToolPattern)
            return ToolCatalogue.All.Select(tool => Make(method, $"/api/tools/{tool.Name}", [], [], tool.InputSchema.DeepClone().AsObject()));
        var parameters = route.RoutePattern.Parameters.Select(parameter => parameter.Name).ToArray();
        var query = route.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
            .Where(given => given.ParameterType == typeof(string) && !parameters.Contains(given.Name)).Select(given => given.Name!) ?? [];
        return [Make(method, pattern, parameters, [.. query], SchemaOf(route, pattern, method))];
    }

    private static FuzzedEndpoint Make(string method, string pattern, string[] parameters, string[] query, JsonObject schema)
    {
        var good = method == "POST" && Foreign.TryGetValue(pattern, out var foreign)
            ? JsonNode.Parse(foreign.Good)!.AsObject()
            : HostileBodies.Good(JsonSerializer.SerializeToElement(schema));
        return new FuzzedEndpoint(method, pattern, parameters, query, schema, good);
    }

    private static JsonObject SchemaOf(RouteEndpoint route, string pattern, string method)
    {
        if (method == "POST" && Foreign.TryGetValue(pattern, out var foreign)) return JsonNode.Parse(foreign.Schema)!.AsObject();
        var type = route.Metadata.GetMetadata<TakesBody>()?.Type;
        return type is null || type == typeof(object) ? [] : ToolSchema.Of(type).AsObject();
    }
}
