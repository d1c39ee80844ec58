using IncidentActors.Engine;

namespace IncidentActors.Server.Hosting;

/// <summary>Default headers of answers: no content sniffing and no caching, and the time where a trial's clock runs.</summary>
internal static class AnswerHeaders
{
    private const string TrialClockHeader = "X-Trial-Clock";

    public static void UseAnswerHeaders(this WebApplication app)
    {
        var trial = app.Services.GetRequiredService<EngineOptions>().Time as TrialClock;
        app.Use((http, next) =>
        {
            Set(http.Response);
            if (trial is not null) http.Response.Headers[TrialClockHeader] = trial.GetUtcNow().ToString("O");
            return next(http);
        });
    }

    public static void Set(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }
}
