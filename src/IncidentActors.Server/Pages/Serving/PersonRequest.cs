namespace IncidentActors.Server.Pages.Serving;

/// <summary>Whether the request came from a person's browser, so that every answer must be a page.</summary>
internal static class PersonRequest
{
    /// <summary>A path of the pages, or one that leads nowhere, asked for by a browser.</summary>
    public static bool Is(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<PageEndpoint>() is not null || IsAstray(http);

    /// <summary>A browser went to a path at which there is nothing; paths of the API answer as the API does.</summary>
    public static bool IsAstray(HttpContext http) =>
        (http.GetEndpoint() is not RouteEndpoint) && AcceptsHtml(http.Request) && !OfProgramsAlone(http);

    private static bool AcceptsHtml(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(one => one.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>Everything below the first part of the path is for programs: <c>/api</c>, <c>/v2</c>, <c>/mcp</c>, …</summary>
    private static bool OfProgramsAlone(HttpContext http)
    {
        var first = First(http.Request.Path.Value);
        return first.Length > 0 && http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Any(
                endpoint =>
                    endpoint.Metadata.GetMetadata<PageEndpoint>() is null
                        && First(endpoint.RoutePattern.RawText).Equals(first, StringComparison.OrdinalIgnoreCase));
    }

    private static string First(string? path) => path?.TrimStart('/').Split('/')[0] ?? "";
}
