using System.Net;
using IncidentActors.Core.Access;
using IncidentActors.Engine;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IncidentActors.Server.Pages.SigningIn;

/// <summary>People sign in to the pages with their organisation's account: authorization code with PKCE. What comes of it is a page session.</summary>
internal static class PageSignIn
{
    public const string Scheme = "OpenId";
    public const string Path = "/signin/account";
    public const string OutPath = "/signout/account";

    public static void AddPageSignIn(
        this AuthenticationBuilder schemes, Issuer issuer, string? clientSecret, TimeSpan timeout) => schemes.AddOpenIdConnect(Scheme, options =>
    {
        options.Authority = issuer.Url;
        options.RequireHttpsMetadata = issuer.Url.StartsWith("https:", StringComparison.Ordinal);
        options.BackchannelTimeout = timeout;
        options.ClientId = issuer.ClientId;
        options.ClientSecret = clientSecret;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = false;
        options.TokenValidationParameters.ValidIssuer = issuer.Url;
        options.CallbackPath = "/signin/callback";
        options.SignedOutCallbackPath = "/signout/callback";
        options.SignedOutRedirectUri = "/signin";
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        options.Events.OnTokenValidated = context => BeginAsync(context, issuer);
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            return GoAsync(context.HttpContext, SignInEndpoints.PathTo("/"));
        };
    });

    public static void MapPageSignIn(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetRequiredService<IssuerSet>().Issuers.All(issuer => issuer.ClientId is null)) return;
        app.MapGet(Path, http =>
        {
            // Who has a session and signs in again wants a fresh sign-in, which some decisions need: the issuer asks for the credentials.
            var back = http.Request.Query["return"].ToString();
            TimeSpan? age = PageSessions.IdOf(http.Request) is null ? null : TimeSpan.Zero;
            var properties = new OpenIdConnectChallengeProperties { RedirectUri = SameOrigin.IsLocal(back) ? back : "/", MaxAge = age };
            return ReachingAsync(() => http.ChallengeAsync(Scheme, properties));
        }).AllowAnonymous().ExcludeFromDescription().WithMetadata(new PageEndpoint());
        app.MapGet(OutPath, static http => ReachingAsync(() => http.SignOutAsync(Scheme))).AllowAnonymous().ExcludeFromDescription()
            .WithMetadata(new PageEndpoint());
    }

    /// <summary>The library reads the issuer's configuration first, and wraps what goes wrong in an exception of its own.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer did not answer, or not in time.</exception>
    private static async Task ReachingAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (IssuerUnavailableException.IsCause(error))
        {
            throw new IssuerUnavailableException(error);
        }
    }

    /// <summary>Continues with a request of this site: a redirect from the issuer's page would not carry the session's cookie (SameSite=Strict).</summary>
    public static Task GoAsync(HttpContext http, string path)
    {
        PageRendering.Guard(http.Response);
        http.Response.ContentType = "text/html; charset=utf-8";
        var address = WebUtility.HtmlEncode(SameOrigin.IsLocal(path) ? path : "/");
        return http.Response.WriteAsync(
            "<!doctype html><html lang=\"en\"><title>Sign in</title>"
            + $"<meta http-equiv=\"refresh\" content=\"0;url={address}\"><a href=\"{address}\">Go on</a></html>");
    }

    private static async Task BeginAsync(TokenValidatedContext context, Issuer issuer)
    {
        var http = context.HttpContext;
        var sessions = http.RequestServices.GetRequiredService<PageSessions>();
        var now = http.RequestServices.GetRequiredService<EngineOptions>().Time.GetUtcNow();
        var token = await http.RequestServices.GetRequiredService<CallerCredentials>()
            .TakeAsync(issuer, context.Principal!, now + PageSessions.MaxAge, http.RequestAborted);
        context.HandleResponse();
        if (token is null || !token.IsValid(now))
        {
            http.RequestServices.GetRequiredService<AccessAudit>().Refused(http, Core.Decisions.Rules.TokenUnknown, token);
            await SignInEndpoints.RefuseAsync(http, token is null
                ? "Your account has no role here; an operator adds it to the file of issuers."
                : $"The token {token.Id} of your account is {token.Status(now)}.");
            return;
        }

        await sessions.EndAsync(http.Request, http.RequestAborted);
        PageSessions.SetCookie(http, await sessions.BeginAsync(token, CallerCredentials.SignedInAt(context.Principal!), http.RequestAborted));
        await GoAsync(http, context.Properties?.RedirectUri ?? "/");
    }
}
