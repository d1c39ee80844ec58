using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Hosting;

/// <summary>What the OpenAPI document says of a route.</summary>
internal static class Documented
{
    /// <summary>A route that looks.</summary>
    public static RouteHandlerBuilder Read<TView>(this RouteHandlerBuilder route, string tag, string summary) => route
        .WithTags(tag).WithSummary(summary)
        .Produces<TView>()
        .Problems(400, 404, 503);

    /// <summary>A route that changes something.</summary>
    public static RouteHandlerBuilder Write<TBody, TView>(this RouteHandlerBuilder route, string tag, string summary, bool creates = false)
    {
        route.WithTags(tag).WithSummary(summary).WithMetadata(new TakesBody(typeof(TBody))).Produces<TView>();
        if (creates) route.Produces<TView>(StatusCodes.Status201Created);
        return route.Problems(400, 403, 404, 409, 413, 422, 423, 503);
    }

    private static RouteHandlerBuilder Problems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) route.Produces<Problem>(status, "application/problem+json");
        return route;
    }
}
