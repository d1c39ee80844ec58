using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Shell;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>A problem as a page. It reads nothing, so it can be shown after every failure and to every visitor; a path that leads
/// nowhere has the shell around it as every page.</summary>
internal static class ProblemPages
{
    public static Task WriteAsync(HttpContext http, Problem problem)
    {
        if (problem.Status == StatusCodes.Status404NotFound && problem.Halt is null)
            return PageRoute.ShowAsync(http, _ => Task.FromResult(PageContent.Missing(ForPeople(problem, http))), null);
        var engine = http.RequestServices.GetRequiredService<RunningEngine>();
        var request = new PageRequest(
            http, engine, new Visitor(null, null, ""), "/", engine.Options.Time.GetUtcNow(), ShellModel.Empty, null, Following: false);
        var content = PageContent.Of<ProblemPage, Problem>(problem.Title, problem with { Detail = ForPeople(problem, http) });
        return PageRendering.WriteAsync(request, content with { Status = problem.Status });
    }

    /// <summary>Sentences that speak of headers and lists of paths are for programs.</summary>
    private static string ForPeople(Problem problem, HttpContext http) => problem.Rule switch
    {
        "request.path" => $"There is no page at {http.Request.Path}.",
        "server.failure" => HttpMethods.IsGet(http.Request.Method)
            ? "The server failed; its log says why."
            : "The server failed; its log says why. Check whether your change was made before you send it again.",
        _ => problem.Detail,
    };
}
