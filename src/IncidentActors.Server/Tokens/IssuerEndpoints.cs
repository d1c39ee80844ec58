using System.Text.Json.Serialization;
using IncidentActors.Core.Access;
using IncidentActors.Server.Deliveries;

namespace IncidentActors.Server.Tokens;

/// <summary>Where clients of MCP learn who gives tokens for this server (RFC 9728); without issuers, that it has no OAuth.</summary>
internal static class IssuerEndpoints
{
    private const string Metadata = "/.well-known/oauth-protected-resource";

    /// <summary>What clients try that have found no metadata.</summary>
    private static readonly string[] Guessed = ["/.well-known/{**rest}", "/register", "/authorize", "/token"];

    public static void MapIssuers(this IEndpointRouteBuilder app)
    {
        var issuers = app.ServiceProvider.GetRequiredService<IssuerSet>();
        if (issuers.Issuers.Length > 0)
        {
            app.MapGet(Metadata, Show).AllowAnonymous().ExcludeFromDescription();
            app.MapGet(Metadata + "/mcp", Show).AllowAnonymous().ExcludeFromDescription();
        }

        foreach (var path in Guessed) app.Map(path, NoOAuth).AllowAnonymous().ExcludeFromDescription();

        IResult Show(HttpContext http) => TypedResults.Json(
            new ProtectedResource($"{Origin(http)}/mcp", [.. issuers.Issuers.Select(issuer => issuer.Url)]), IssuerJson.Default.ProtectedResource);
    }

    /// <summary>The challenge of a refused request: names the metadata where there are issuers.</summary>
    public static string Challenge(HttpContext http) => http.RequestServices.GetRequiredService<IssuerSet>().Issuers.Length > 0
        ? $"{Schemes.Bearer} resource_metadata=\"{Origin(http)}{Metadata}/mcp\""
        : Schemes.Bearer;

    private static IResult NoOAuth() => TypedResults.Json(
        new OAuthError("invalid_request", "This server has no OAuth endpoint here. It takes access tokens: 'incident token create' makes one."),
        IssuerJson.Default.OAuthError,
        statusCode: StatusCodes.Status404NotFound);

    private static string Origin(HttpContext http) =>
        http.RequestServices.GetRequiredService<DeliveryOptions>().PublicUrl is var url && url != DeliveryOptions.NoPublicUrl
            ? url.GetLeftPart(UriPartial.Authority)
            : $"{http.Request.Scheme}://{http.Request.Host}";
}

/// <param name="Resource">What the token's audience may name.</param>
internal sealed record ProtectedResource(
    [property: JsonPropertyName("resource")] string Resource,
    [property: JsonPropertyName("authorization_servers")] string[] AuthorizationServers)
{
    [JsonPropertyName("bearer_methods_supported")]
    public string[] BearerMethods => ["header"];
}

/// <summary>A refusal as clients of OAuth read it (RFC 6749, 5.2).</summary>
internal sealed record OAuthError(
    [property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

[JsonSerializable(typeof(ProtectedResource))]
[JsonSerializable(typeof(OAuthError))]
internal sealed partial class IssuerJson : JsonSerializerContext;
