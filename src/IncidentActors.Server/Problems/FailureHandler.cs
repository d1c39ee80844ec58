using IncidentActors.Core.Decisions;
using IncidentActors.Core.Texts;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tokens;
using Microsoft.AspNetCore.Diagnostics;

namespace IncidentActors.Server.Problems;

/// <summary>Exceptions as problems: no stack trace and no empty error page reaches a caller.</summary>
internal sealed class FailureHandler(ILoggerFactory logs) : IExceptionHandler
{
    private readonly ILogger log = logs.CreateLogger("IncidentActors");

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The middleware has forgotten the endpoint, which says whether a person or a program is answered, and the headers.
        httpContext.SetEndpoint(httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint);
        AnswerHeaders.Set(httpContext.Response);
        await Answer.WriteAsync(httpContext, Of(exception, httpContext.Request));
        return true;
    }

    private Problem Of(Exception error, HttpRequest request)
    {
        switch (error)
        {
            case JournalUnavailableException unavailable:
                return Problem.Of(new Unavailable(unavailable.Sentence, TimeSpan.FromSeconds(1), unavailable.NotApplied));
            case ArchivedException archived:
                return Problem.Of(archived.Refusal);
            case IssuerUnavailableException issuer:
                log.Failed(request.Method, SafeText.OneLine(request.Path.Value ?? ""), issuer);
                return Problem.Named("issuer.unavailable", "Identity provider unavailable", StatusCodes.Status503ServiceUnavailable, issuer.Message)
                    with { RetryAfter = TimeSpan.FromMinutes(1) };
            case TimeoutException:
                return Problem.Of(new Unavailable("No answer in time.", TimeSpan.FromSeconds(1), Known: false));
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } bad:
                return Problem.TooLarge(bad.Message);
            case BadHttpRequestException bad:
                return Problem.Named("request.malformed", "Malformed", bad.StatusCode, bad.Message);
            default:
                log.Failed(request.Method, SafeText.OneLine(request.Path.Value ?? ""), error);
                return Problem.Named(
                    "server.failure",
                    "Failure",
                    StatusCodes.Status500InternalServerError,
                    "The server failed; the log says why. The outcome is unknown; send it again with the same Idempotency-Key.");
        }
    }
}
