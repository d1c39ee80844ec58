using IncidentActors.Engine.Access;
using IncidentActors.Engine;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Tokens;

/// <summary>Who the request's credentials name, and the middleware that ends a request with them.</summary>
internal static class TokenGate
{
    /// <summary>The token that the request has shown; null if none is shown, or none are configured.</summary>
    public static AccessToken? Shown(HttpContext http) => (http.User.Identity as TokenIdentity)?.Token;

    /// <summary>When the caller has signed in; null if it is not known.</summary>
    public static DateTimeOffset? SignedInAt(HttpContext http) => (http.User.Identity as TokenIdentity)?.SignedInAt;

    /// <summary>Whether callers need a token: false only while none are configured.</summary>
    public static bool IsGuarded(HttpContext http) => http.User.Identity?.AuthenticationType != Schemes.Local;

    /// <summary>A request lasts as long as its token; without any token, until the first one is made. Behind authorization.</summary>
    public static void UseTokenLifetimes(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.User.Identity is not { IsAuthenticated: true })
        {
            await next(http);
            return;
        }

        var shown = Shown(http);
        var aborted = http.RequestAborted;
        using var life = http.RequestServices.GetRequiredService<TokenSessions>().Begin(shown?.Id ?? TokenSessions.Anonymous, aborted);
        http.Features.Set(life);
        http.RequestAborted = life.Token;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (life.Ended)
        {
            // An answer that was made before goes out, and a stream that has begun ends here.
            http.RequestAborted = aborted;
            if (!http.Response.HasStarted && http.Response.BodyWriter.UnflushedBytes == 0) await Answer.WriteAsync(http, await EndedAsync(http, shown));
        }
        finally
        {
            http.RequestAborted = aborted;
        }
    });

    private static async Task<Problem> EndedAsync(HttpContext http, AccessToken? shown)
    {
        if (shown is null) return TokenHandler.Missing;
        var now = await http.RequestServices.GetRequiredService<TokenRecords>().GetAsync(shown.Id, CancellationToken.None);
        var time = http.RequestServices.GetRequiredService<EngineOptions>().Time.GetUtcNow();
        return TokenHandler.Unauthorized(TokenRefusals.Ended(now ?? shown, time) ?? TokenRefusals.Unknown);
    }
}
