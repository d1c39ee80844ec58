namespace IncidentActors.Server.Hosting;

/// <summary>Where a browser says that a request comes from.</summary>
internal static class RequestOrigin
{
    /// <summary>The request comes from a page of this server, with its port, or from a program that is not a browser.</summary>
    public static bool IsOwn(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none")) return false;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && Uri.TryCreate($"{from.Scheme}://{request.Host}", UriKind.Absolute, out var own)
                && from.Authority == own.Authority);
    }
}
