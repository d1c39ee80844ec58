using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Shell;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>On an endpoint: the token may come by the visitor's cookie, and a stranger is sent to sign in.</summary>
/// <param name="Open">Strangers may come too.</param>
internal sealed record TakesCookie(bool Redirects, bool Open = false);

/// <summary>Maps pages: GET shows one, POST does what one of its forms asks for and comes back to it.</summary>
internal static class PageRoute
{
    private const string FollowingHeader = "X-Following";

    /// <param name="read">Reads what the page shows. Called again with the refused form after a POST that was refused.</param>
    public static void MapPage(this IEndpointRouteBuilder app, string path, Func<PageRequest, Task<PageContent>> read)
    {
        app.MapGet(path, http => ShowAsync(http, read, null)).AsPage();
        app.MapPost(path, async http =>
        {
            var refused = await FormPost.TakeAsync(http);
            if (refused is not null) await ShowAsync(http, read, refused);
        }).AsPage();
    }

    /// <summary>A path of the pages, not of the API.</summary>
    public static TBuilder AsPage<TBuilder>(this TBuilder endpoint, bool open = false)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new TakesCookie(Redirects: true, open)).ExcludeFromDescription();

    public static async Task ShowAsync(HttpContext http, Func<PageRequest, Task<PageContent>> read, FormState? form)
    {
        var engine = http.RequestServices.GetRequiredService<RunningEngine>();
        var visitor = Visitor.Of(http);
        var shell = ShellModel.Empty;
        PageRequest Request() => new(
            http, engine, visitor, http.Request.Path + http.Request.QueryString, engine.Options.Time.GetUtcNow(), shell, form,
            http.Request.Headers.ContainsKey(FollowingHeader));
        try
        {
            if (TokenGate.Shown(http) is not null || !TokenGate.IsGuarded(http))
            {
                shell = await ShellModel.ReadAsync(
                    engine, role => visitor.Handle is null || visitor.Decides(role, engine.Options.Roster), http.RequestAborted);
            }

            var request = Request();
            await PageRendering.WriteAsync(request, await read(request));
        }
        catch (Exception error) when (error is JournalUnavailableException or TimeoutException && !http.Response.HasStarted)
        {
            http.Response.Headers.RetryAfter = "1";
            await PageRendering.WriteAsync(Request(), PageContent.Plain(
                "Not available", $"{error.Message} Reload to try again.", StatusCodes.Status503ServiceUnavailable));
        }
    }
}
