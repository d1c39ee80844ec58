using System.Globalization;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Problems;

/// <summary>Outcomes and views as HTTP answers.</summary>
internal static class Answer
{
    public static IResult Json<T>(T view) => TypedResults.Json(view, ServerJson.Info<T>());

    public static IResult Of(Problem problem) => new ProblemAnswer(problem);

    public static IResult Of(Rejected rejected) => Of(Problem.Of(rejected));

    /// <param name="location">The URL of the created resource; null if nothing was created.</param>
    public static IResult Of(Outcome outcome, Func<JsonElement, string?>? location = null) => outcome switch
    {
        Accepted accepted => new AcceptedAnswer(accepted, accepted.Replayed ? null : location?.Invoke(accepted.Answer)),
        Rejected rejected => Of(Problem.Of(rejected)),
        Unavailable unavailable => Of(Problem.Of(unavailable)),
        _ => throw new InvalidOperationException($"no outcome {outcome.GetType().Name}"),
    };

    private sealed class AcceptedAnswer(Accepted accepted, string? location) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = location is null ? StatusCodes.Status200OK : StatusCodes.Status201Created;
            if (location is not null) response.Headers.Location = location;
            if (accepted.Replayed) response.Headers[CallReader.ReplayHeader] = "true";
            response.ContentType = "application/json; charset=utf-8";
            await using var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = ServerJson.Options.Encoder });
            accepted.Answer.WriteTo(writer);
        }
    }

    private sealed class ProblemAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);
    }

    public static Task WriteAsync(HttpContext http, Problem problem)
    {
        http.Items[typeof(Problem)] = problem;
        http.Response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } again)
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(again.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (PersonRequest.Is(http)) return ProblemPages.WriteAsync(http, problem);
        return http.Response.WriteAsJsonAsync(problem, ServerJson.Info<Problem>(), "application/problem+json", http.RequestAborted);
    }
}
