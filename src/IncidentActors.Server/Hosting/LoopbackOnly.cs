using System.Net;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Hosting;

/// <summary>
/// Without tokens whoever reaches the server is believed, so only this machine may: the server listens on loopback, and a web page that
/// was loaded from elsewhere cannot use the browser of somebody here to get at it.
/// </summary>
internal static class LoopbackOnly
{
    public static void UseLoopbackOnly(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (IsFromHere(http.Request) || await http.RequestServices.GetRequiredService<TokenRecords>().AnyAsync(http.RequestAborted))
            await next(http);
        else
        {
            await Answer.WriteAsync(http, Problem.Named(
                "request.origin",
                "Not for this origin",
                403,
                "Without tokens only this machine may call: by localhost or 127.0.0.1, and not from pages of elsewhere."));
        }
    });

    private static bool IsFromHere(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var foreign = origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsLoopback(from.Host));
        return !foreign && IsLoopback(request.Host.Host);
    }

    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
