using System.Net;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Hosting;

/// <summary>
/// Without tokens the server trusts its callers, so only programs of this machine and the server's own pages may call: it listens on
/// loopback, and no page of another origin, not even one of another local port, can use somebody's browser to reach it.
/// </summary>
internal static class LoopbackOnly
{
    /// <summary>Content types that a page of another site can post without a preflight request (CORS "simple" types).</summary>
    private static readonly string[] SimpleTypes = ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"];

    /// <summary>Behind routing.</summary>
    public static void UseLoopbackOnly(this WebApplication app) => app.Use(async (http, next) =>
    {
        var problem = ProblemOf(http);
        if (problem is null || await http.RequestServices.GetRequiredService<TokenRecords>().AnyAsync(http.RequestAborted))
            await next(http);
        else
            await Answer.WriteAsync(http, problem);
    });

    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Problem? ProblemOf(HttpContext http)
    {
        var request = http.Request;
        if (!IsLoopback(request.Host.Host) || !(IsNavigation(request) || RequestOrigin.IsOwn(request)))
        {
            return Problem.Named(
                "request.origin",
                "Origin not allowed",
                StatusCodes.Status403Forbidden,
                "Without tokens only this machine may call: by localhost or 127.0.0.1, and not from pages of another origin.");
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<AlertSource>() is null || request.ContentType is not { } type || !IsBrowser(request)) return null;
        return SimpleTypes.Any(simple => type.StartsWith(simple, StringComparison.OrdinalIgnoreCase))
            ? Problem.Named(
                "request.content-type",
                "Unsupported media type",
                StatusCodes.Status415UnsupportedMediaType,
                "Send the header 'Content-Type: application/json'.")
            : null;
    }

    /// <summary>A page cannot post under another name than its browser's. Programs post JSON as <c>text/plain</c> too (Amazon SNS).</summary>
    private static bool IsBrowser(HttpRequest request) =>
        request.Headers.Origin.Count > 0 || request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal);

    /// <summary>A link to a page was followed: it shows the page and changes nothing, and its origin cannot read the answer.</summary>
    private static bool IsNavigation(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Origin.Count == 0
            && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
}
