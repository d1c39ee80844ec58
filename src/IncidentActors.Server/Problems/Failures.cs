using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Problems;

/// <summary>Whatever goes wrong below becomes a problem: no exception and no empty error page reaches a caller.</summary>
internal static class Failures
{
    public static void UseFailures(this WebApplication app)
    {
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
                if (!http.Response.HasStarted) await NotRoutedAsync(http);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                if (!http.Response.HasStarted) http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
            catch (Exception error) when (!http.Response.HasStarted)
            {
                await Answer.WriteAsync(http, Of(error, app.Logger, http));
            }
        });
    }

    private static Problem Of(Exception error, ILogger log, HttpContext http)
    {
        switch (error)
        {
            case JournalUnavailableException unavailable:
                return Problem.Of(new Unavailable(unavailable.Message, TimeSpan.FromSeconds(1), unavailable.NotApplied));
            case TimeoutException:
                return Problem.Of(new Unavailable("No answer in time.", TimeSpan.FromSeconds(1), Known: false));
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } bad:
                return Problem.TooLarge(bad.Message);
            case BadHttpRequestException bad:
                return Problem.Named("request.malformed", "Malformed", bad.StatusCode, bad.Message);
            default:
                log.Failed(http.Request.Method, http.Request.Path, error);
                return Problem.Named(
                    "server.failure",
                    "Failure",
                    StatusCodes.Status500InternalServerError,
                    "The server failed; the log says why. Nothing was answered, so send it again with the same Idempotency-Key.");
        }
    }

    /// <summary>No route matched, or none with this method: routing itself answers with an empty body.</summary>
    private static Task NotRoutedAsync(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed => Answer.WriteAsync(http, Problem.Named(
            "request.method",
            "Method not allowed",
            405,
            $"{http.Request.Path} is not for {http.Request.Method}; it takes {http.Response.Headers.Allow}.")),
        StatusCodes.Status404NotFound => Answer.WriteAsync(http, Problem.Named(
            "request.path", "Unknown", 404, $"There is nothing at {http.Request.Path}; /openapi/v1.json lists what there is.")),
        _ => Task.CompletedTask,
    };
}
