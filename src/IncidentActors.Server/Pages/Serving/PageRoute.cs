using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Shell;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>On an endpoint: it answers people with pages, and sends a visitor without credentials to the sign-in page.</summary>
internal sealed record PageEndpoint;

/// <summary>Maps pages: GET shows one, POST does what one of its forms asks for and comes back to it.</summary>
internal static class PageRoute
{
    /// <summary>The page's script asks, not a person who goes to a page.</summary>
    public const string FollowingHeader = "X-Following";

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
    /// <param name="open">Visitors without credentials are allowed.</param>
    public static TBuilder AsPage<TBuilder>(this TBuilder endpoint, bool open = false)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new PageEndpoint(), new CredentialsFrom(Schemes.Page)).ExcludeFromDescription();
        return open ? endpoint.AllowAnonymous() : endpoint;
    }

    public static async Task ShowAsync(HttpContext http, Func<PageRequest, Task<PageContent>> read, FormState? form)
    {
        var engine = http.RequestServices.GetRequiredService<RunningEngine>();
        var visitor = Visitor.Of(http);
        var shell = ShellModel.Empty;
        var following = http.Request.Headers.ContainsKey(FollowingHeader);
        var done = following || form is not null ? null : DoneNote.Take(http);
        PageRequest Request() => new(
            http, engine, visitor, http.Request.Path + http.Request.QueryString, engine.Options.Time.GetUtcNow(), shell, form, following) { Done = done };
        try
        {
            if (TokenGate.Shown(http) is not null || !TokenGate.IsGuarded(http))
            {
                var now = engine.Options.Time.GetUtcNow();
                shell = await ShellModel.ReadAsync(
                    engine, visitor.Handle, role => visitor.Handle is null || visitor.Decides(role, engine.Options.Roster, now), http.RequestAborted);
            }

            var request = Request();
            await PageRendering.WriteAsync(request, await read(request));
        }
        catch (Exception error) when (error is JournalUnavailableException or TimeoutException && !http.Response.HasStarted)
        {
            http.Response.Headers.RetryAfter = "1";
            await PageRendering.WriteAsync(Request(), PageContent.Plain(
                "Not available", $"{(error as JournalUnavailableException)?.Sentence ?? error.Message} Reload to try again.",
                StatusCodes.Status503ServiceUnavailable));
        }
    }
}
