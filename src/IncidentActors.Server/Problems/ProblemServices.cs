namespace IncidentActors.Server.Problems;

/// <summary>Every answer of the framework that says no is a problem with a rule id, as our own are.</summary>
internal static class ProblemServices
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<FailureHandler>();
    }

    /// <summary>First in the pipeline.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(static context => Answer.WriteAsync(context.HttpContext, Empty(context.HttpContext)));
    }

    /// <summary>The framework refuses with a status and an empty body.</summary>
    private static Problem Empty(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed => Problem.Named(
            "request.method", "Method not allowed", 405, $"{http.Request.Path} does not accept {http.Request.Method}, only {http.Response.Headers.Allow}."),
        StatusCodes.Status404NotFound => Problem.Named(
            "request.path", "Unknown", 404, $"There is no endpoint {http.Request.Path}; /openapi/v1.json lists the endpoints."),
        var status => Problem.Named("request.malformed", "Malformed", status, "The request could not be read; /openapi/v1.json describes the requests."),
    };

    /// <summary>Writes what the framework describes in our form.</summary>
    private sealed class ProblemWriter : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public ValueTask WriteAsync(ProblemDetailsContext context) => new(Answer.WriteAsync(context.HttpContext, Problem.Named(
            "request.malformed",
            context.ProblemDetails.Title ?? "Refused",
            context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode,
            context.ProblemDetails.Detail ?? "The request was refused.")));
    }
}
