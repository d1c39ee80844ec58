using IncidentActors.Core.Access;
using IncidentActors.Core.Agents;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Pages.SigningIn;

/// <summary>Sign-in and sign-out: a token begins a session, and the visitor's cookie holds its id; without tokens a handle of the roster is picked.</summary>
internal static class SignInEndpoints
{
    public static string PathTo(string back) => $"/signin?return={Uri.EscapeDataString(back)}";

    public static void MapSigningIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/signin", http => ShowAsync(http, http.Request.Query["return"].ToString(), null)).AsPage(open: true);
        app.MapPost("/signin", SignInAsync).AsPage(open: true);
        app.MapPost("/signout", SignOutAsync).AsPage(open: true);
        app.MapPost("/theme", ThemeAsync).AsPage(open: true);
    }

    private static Task ShowAsync(HttpContext http, string back, string? refusal, int status = StatusCodes.Status200OK) => PageRoute.ShowAsync(
        http,
        async request => PageContent.Of<SignInPage, SignInModel>("Sign in", new SignInModel(
            SameOrigin.IsLocal(back) ? back : "/",
            await http.RequestServices.GetRequiredService<TokenRecords>().AnyAsync(http.RequestAborted),
            request.Engine.Options.Roster.Members,
            refusal,
            IsAccount(http) ? $"{PageSignIn.Path}?return={Uri.EscapeDataString(SameOrigin.IsLocal(back) ? back : "/")}" : null)) with { Status = status },
        null);

    private static async Task SignInAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } form) return;
        var back = form["return"].ToString();
        var tokens = http.RequestServices.GetRequiredService<TokenRecords>();
        var sessions = http.RequestServices.GetRequiredService<PageSessions>();
        var engine = http.RequestServices.GetRequiredService<RunningEngine>();
        string cookie;
        if (await tokens.AnyAsync(http.RequestAborted))
        {
            var token = await tokens.FindAsync(form["token"].ToString().Trim(), http.RequestAborted);
            var now = engine.Options.Time.GetUtcNow();
            if (token is null || token.OfSource || !token.IsValid(now))
            {
                var why = token is null || token.OfSource
                    ? "This is not a token of a person or an agent."
                    : $"The token {token.Id} is {token.Status(now)}; ask an operator for another.";
                await ShowAsync(http, back, why, StatusCodes.Status401Unauthorized);
                return;
            }

            await sessions.EndAsync(http.Request, http.RequestAborted);
            cookie = await sessions.BeginAsync(token, now, http.RequestAborted);
        }
        else
        {
            var handle = Handle.Normalize(form["handle"].ToString());
            if (engine.Options.Roster.Find(handle) is null)
            {
                await ShowAsync(http, back, "Choose a handle from the roster.", StatusCodes.Status422UnprocessableEntity);
                return;
            }

            cookie = Visitor.Picked(handle);
        }

        PageSessions.SetCookie(http, cookie);
        SeeOther(http, back);
    }

    private static async Task SignOutAsync(HttpContext http)
    {
        if (await ReadAsync(http) is null) return;
        var sessions = http.RequestServices.GetRequiredService<PageSessions>();
        var account = IsAccount(http) && (await sessions.FindAsync(http.Request, http.RequestAborted)).Token?.CreatedBy.StartsWith('@') == false;
        await sessions.EndAsync(http.Request, http.RequestAborted);
        PageSessions.DeleteCookie(http);
        if (account) await PageSignIn.GoAsync(http, PageSignIn.OutPath);
        else SeeOther(http, "/signin");
    }

    private static bool IsAccount(HttpContext http) =>
        http.RequestServices.GetRequiredService<IssuerSet>().Issuers.Any(issuer => issuer.ClientId is not null);

    /// <summary>The sign-in page with the reason why signing in failed.</summary>
    public static Task RefuseAsync(HttpContext http, string why) => ShowAsync(http, "/", why, StatusCodes.Status403Forbidden);

    private static async Task ThemeAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } form) return;
        if (form["theme"].ToString() is "light" or "dark" or "auto")
        {
            http.Response.Cookies.Append(
                "theme",
                form["theme"].ToString(),
                new CookieOptions
                {
                    SameSite = SameSiteMode.Lax, HttpOnly = true, Path = "/", MaxAge = TimeSpan.FromDays(365), IsEssential = true,
                });
        }

        SeeOther(http, form["_then"].ToString());
    }

    /// <summary>The form; null if it was not sent by a page of this server: then the response is already written.</summary>
    private static async Task<IFormCollection?> ReadAsync(HttpContext http)
    {
        if (SameOrigin.Is(http.Request) && http.Request.HasFormContentType) return await http.Request.ReadFormAsync(http.RequestAborted);
        await ShowAsync(http, "/", "The form was not sent by a page of this server.", StatusCodes.Status403Forbidden);
        return null;
    }

    private static void SeeOther(HttpContext http, string path)
    {
        PageRendering.Guard(http.Response);
        http.Response.Redirect(SameOrigin.IsLocal(path) ? path : "/");
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
    }
}
