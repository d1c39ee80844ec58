using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Pages.SigningIn;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Tokens;

/// <summary>Lets requests in. Without any token the server believes whoever is on this machine; with one, everybody shows a valid token.</summary>
internal sealed class TokenGate(TokenRecords tokens, TokenRate rate, TokenLives lives, TimeProvider time)
{
    public const string AlertmanagerPath = "/webhooks/alertmanager";
    public const string PagerDutyPath = "/v2/enqueue";

    /// <summary>The token that the request has shown, or null: none are configured.</summary>
    public static AccessToken? Shown(HttpContext http) => http.Items[typeof(AccessToken)] as AccessToken;

    /// <summary>Tokens are configured: whoever has shown none is a stranger.</summary>
    public static bool IsGuarded(HttpContext http) => http.Items.ContainsKey(typeof(TokenGate));

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var page = http.GetEndpoint()?.Metadata.GetMetadata<TakesCookie>();
        if (IsOpen(http.Request.Path))
        {
            await next(http);
            return;
        }

        if (!await tokens.AnyAsync(http.RequestAborted))
        {
            if (HttpMethods.IsGet(http.Request.Method)) await LastAsync(http, TokenLives.Nobody, page, next, () => Task.FromResult(Missing));
            else await next(http);
            return;
        }

        http.Items[typeof(TokenGate)] = this;
        if (page is { Open: true })
        {
            await CheckAsync(http, cookie: true);
            await next(http);
        }
        else if (await CheckAsync(http, page is not null) is { } problem)
        {
            await RefuseAsync(http, problem, page);
        }
        else
        {
            var token = Shown(http)!;
            await LastAsync(http, token.Id, page, next, async () => Ended(await tokens.GetAsync(token.Id, CancellationToken.None) ?? token));
        }
    }

    /// <summary>Answers as long as the token lasts: whoever waits or listens under it is let go when it ends. Without any token it lasts until the
    /// first one is made.</summary>
    private async Task LastAsync(HttpContext http, string tokenId, TakesCookie? page, RequestDelegate next, Func<Task<Problem>> ended)
    {
        var aborted = http.RequestAborted;
        using var life = lives.Begin(tokenId, aborted);
        http.RequestAborted = life.Token;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (life.Ended && !http.Response.HasStarted)
        {
            http.RequestAborted = aborted;
            await RefuseAsync(http, await ended(), page);
        }
        finally
        {
            http.RequestAborted = aborted;
        }
    }

    /// <summary>A visitor of a page is sent to sign in; everybody else is told.</summary>
    private static Task RefuseAsync(HttpContext http, Problem problem, TakesCookie? page)
    {
        if (page is { Redirects: true } && problem.Status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Redirect(SignInEndpoints.PathTo(http.Request.Path + http.Request.QueryString));
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            return Task.CompletedTask;
        }

        if (problem.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        return Answer.WriteAsync(http, problem);
    }

    private Problem Ended(AccessToken token) => Unauthorized(
        token.RevokedAt is null ? Rules.TokenExpired : Rules.TokenRevoked,
        $"The token {token.Id} is {token.Status(time.GetUtcNow())}; ask an operator for another.");

    /// <summary>Health says nothing that a stranger may not know. PagerDuty's senders show their key in the body.</summary>
    private static bool IsOpen(PathString path) => path == "/healthz" || path == "/readyz" || path == PagerDutyPath;

    /// <param name="cookie">The token may come by the cookie of a page's visitor.</param>
    private async Task<Problem?> CheckAsync(HttpContext http, bool cookie)
    {
        var webhook = http.Request.Path == AlertmanagerPath;
        if ((Secret(http.Request, basic: webhook) ?? (cookie ? http.Request.Cookies[Visitor.Cookie] : null)) is not { } secret)
            return Missing;
        var found = await tokens.FindAsync(secret, http.RequestAborted);
        if (found is null || found.OfSource != webhook || (webhook && found.Handle != Handle.Alertmanager))
            return Unauthorized(Rules.TokenUnknown, "The token is none that may be used here.");
        if (!found.IsValid(time.GetUtcNow())) return Ended(found);
        if (http.Request.Headers.ContainsKey(CallReader.AgentHeader))
        {
            return Problem.Of(Rejected.Malformed(
                Rules.CallerMismatch, $"With a token the token says who calls ({found.Handle}); leave the header {CallReader.AgentHeader} out."));
        }

        if (rate.Take(found.Id) is { } wait) return TooMany(found, wait, webhook);
        http.Items[typeof(AccessToken)] = found;
        return null;
    }

    /// <summary>Alertmanager gives up at 429 and comes again at 503.</summary>
    internal static Problem TooMany(AccessToken token, TimeSpan wait, bool webhook) =>
        Problem.Named(
            Rules.TokenRate, "Too many requests", webhook ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status429TooManyRequests,
            $"The token {token.Id} has made too many requests; nothing was changed. Come again after the time in Retry-After.")
        with { RetryAfter = wait };

    private static string? Secret(HttpRequest request, bool basic)
    {
        if (request.Headers.Authorization is not [{ } header]) return null;
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return null;
        var value = header[(space + 1)..].Trim();
        if (header.AsSpan(0, space).Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return value;
        return basic && header.AsSpan(0, space).Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Password(value) : null;
    }

    private static string? Password(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }

    private static Problem Missing =>
        Unauthorized(Rules.TokenMissing, "Show a token: the header 'Authorization: Bearer …'. 'incident token create' makes one.");

    private static Problem Unauthorized(string rule, string sentence) => Problem.Named(rule, "Not let in", StatusCodes.Status401Unauthorized, sentence);
}
