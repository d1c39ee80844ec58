namespace IncidentActors.Server.Hosting;

/// <summary>
/// Senders and clients that join an address ending in a slash with a path ask for <c>//v2/enqueue</c>; it is the path with single slashes. What may be
/// asked is decided by the endpoint that is found, so another spelling opens nothing.
/// </summary>
internal static class SingleSlashes
{
    /// <summary>Before routing.</summary>
    public static void UseSingleSlashes(this WebApplication app) => app.Use((http, next) =>
    {
        var path = http.Request.Path.Value ?? "";
        if (path.Contains("//", StringComparison.Ordinal))
        {
            // By its constructor: the conversion of a text would decode it a second time.
            var single = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
            http.Request.Path = new PathString(path.EndsWith('/') && single.Length > 1 ? single + "/" : single);
        }

        return next(http);
    });
}
