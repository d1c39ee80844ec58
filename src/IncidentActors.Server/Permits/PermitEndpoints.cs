using System.Globalization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Permits;

internal static class PermitEndpoints
{
    private static readonly Tool Request = ToolCatalogue.Find("permit_request")!;
    private static readonly Tool Renew = ToolCatalogue.Find("permit_renew")!;
    private static readonly Tool End = ToolCatalogue.Find("permit_end")!;

    private const int MaxSeconds = 60;

    public static void MapPermits(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/permits", (HttpRequest request) =>
                Invocation.PostAsync(request.HttpContext, Request, location: permit => $"/api/permits/{permit.GetProperty("id").GetString()}"))
            .Write<PermitRequestArguments, PermitView>("Permits", "Asks whether an outside action may start now.", creates: true);
        app.MapPost("/api/permits/{id}/renew", (string id, HttpContext http) => Invocation.PostAsync(http, Renew, [("permitId", id)]))
            .Write<PermitRenewArguments, PermitView>("Permits", "The action continues.");
        app.MapPost("/api/permits/{id}/end", (string id, HttpContext http) => Invocation.PostAsync(http, End, [("permitId", id)]))
            .Write<PermitEndArguments, PermitView>("Permits", "The action is over, or is settled.");
        app.MapGet("/api/permits", ListAsync)
            .Read<Page<PermitView>>("Permits", "Permits; open=true lists open permits and unknown outcomes, unknown outcomes first.");
        app.MapGet("/api/permits/{id}", GetAsync)
            .Read<PermitView>("Permits", "One permit. wait=30s answers as soon as it does not hold any more, at the latest after that time.");
    }

    private static async Task<IResult> ListAsync(
        string? open, string? status, string? agent, string? incidentId, string? halt, string? cursor, string? limit, RunningEngine engine,
        CancellationToken cancel)
    {
        var most = QueryResults.DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out most) || QueryResults.BadLimit(most) is not null)) return Answer.Of(QueryResults.BadLimit(0)!);
        if (open is not (null or "true" or "false")) return Answer.Of(Arguments.Malformed("The argument 'open' must be 'true' or 'false'.", "true", "false"));
        var filter = new ActorFilter(ActorKind.Permit)
        {
            Open = open is null ? null : open == "true",
            Status = status,
            Owner = agent is null ? null : Handle.Normalize(agent),
            Incident = incidentId,
            Flow = halt,
            Cursor = cursor,
            Limit = most,
        };
        try
        {
            return Answer.Json(await engine.Permits.ListAsync(filter, cancel));
        }
        catch (FormatException)
        {
            return Answer.Of(Arguments.Malformed("The argument 'cursor' must be the 'next' of an earlier page, unchanged."));
        }
    }

    private static async Task<IResult> GetAsync(string id, string? wait, RunningEngine engine, CancellationToken cancel)
    {
        if (!IdText.IsWellFormed(id)) return Answer.Of(PermitDecider.Unknown(id));
        var text = wait?.TrimEnd('s') ?? "0";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > MaxSeconds)
            return Answer.Of(Arguments.Malformed($"The argument 'wait' must be 0s to {MaxSeconds}s, such as '30s'."));
        var view = await engine.PermitWatch.WaitAsync(id, TimeSpan.FromSeconds(seconds), cancel);
        return view is null ? Answer.Of(PermitDecider.Unknown(id)) : Answer.Json(view);
    }
}
