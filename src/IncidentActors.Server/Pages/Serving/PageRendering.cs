using System.Text;
using IncidentActors.Server.Pages.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>Renders a page to HTML, once and statically: no circuit, no interactive part, nothing kept between requests.</summary>
internal static class PageRendering
{
    /// <summary>Nothing but the own script, style and stream; no inline script or style; in no frame.</summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    public static async Task WriteAsync(PageRequest request, PageContent content)
    {
        var response = request.Http.Response;
        Guard(response);
        if (content.Location is { } elsewhere)
        {
            response.Redirect(elsewhere);
            response.StatusCode = StatusCodes.Status303SeeOther;
            return;
        }

        await using var renderer = new HtmlRenderer(request.Http.RequestServices, request.Http.RequestServices.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var output = await renderer.RenderComponentAsync<Document>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(Document.Request)] = request,
                [nameof(Document.Content)] = content,
            }));
            using var text = new StringWriter();
            output.WriteHtmlTo(text);
            return text.ToString();
        });
        response.StatusCode = request.Form is { Problem.Status: var refused } ? refused : content.Status;
        response.ContentType = "text/html; charset=utf-8";
        await response.WriteAsync("<!DOCTYPE html>\n" + html, Encoding.UTF8, request.Aborted);
    }

    public static void Guard(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
