using IncidentActors.Core.Agents;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Pages.SigningIn;

/// <summary>In and out: a token is checked and kept in the visitor's cookie; without tokens a handle of the roster is picked.</summary>
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
            refusal)) with { Status = status },
        null);

    private static async Task SignInAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } form) return;
        var back = form["return"].ToString();
        var tokens = http.RequestServices.GetRequiredService<TokenRecords>();
        var engine = http.RequestServices.GetRequiredService<RunningEngine>();
        string cookie;
        if (await tokens.AnyAsync(http.RequestAborted))
        {
            cookie = form["token"].ToString().Trim();
            var token = await tokens.FindAsync(cookie, http.RequestAborted);
            var now = engine.Options.Time.GetUtcNow();
            if (token is null || token.OfSource || !token.IsValid(now))
            {
                var why = token is null || token.OfSource
                    ? "This is no token for people and agents."
                    : $"The token {token.Id} is {token.Status(now)}; ask an operator for another.";
                await ShowAsync(http, back, why, StatusCodes.Status401Unauthorized);
                return;
            }
        }
        else
        {
            var handle = Handle.Normalize(form["handle"].ToString());
            if (engine.Options.Roster.Find(handle) is null)
            {
                await ShowAsync(http, back, "Pick a handle of the roster.", StatusCodes.Status422UnprocessableEntity);
                return;
            }

            cookie = Visitor.Picked(handle);
        }

        http.Response.Cookies.Append(Visitor.Cookie, cookie, Visitor.CookieOptions(http.Request));
        SeeOther(http, back);
    }

    private static async Task SignOutAsync(HttpContext http)
    {
        if (await ReadAsync(http) is null) return;
        http.Response.Cookies.Delete(Visitor.Cookie, Visitor.CookieOptions(http.Request));
        SeeOther(http, "/signin");
    }

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

    /// <summary>The form, or null: it was not sent by a page of this server, and has been answered.</summary>
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
