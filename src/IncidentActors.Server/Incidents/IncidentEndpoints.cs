using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.NextSteps;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Events;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Incidents;

internal static class IncidentEndpoints
{
    private static readonly Tool Declare = ToolCatalogue.Find("incident_declare")!;
    private static readonly Tool Get = ToolCatalogue.Find("incident_get")!;
    private static readonly Tool Next = ToolCatalogue.Find("incident_next")!;
    private static readonly Tool Update = ToolCatalogue.Find("incident_update")!;

    public static void MapIncidents(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/incidents", (HttpRequest request) => Invocation.PostAsync(request.HttpContext, Declare, location: Location))
            .Write<IncidentDeclareArguments, IncidentView>("Incidents", "Declares an incident: 201 when it is new, 200 when its key is known.", creates: true);
        app.MapGet("/api/incidents", ListAsync)
            .Read<Page<IncidentView>>("Incidents", "Incidents, most severe first, then newest.");
        app.MapGet("/api/incidents/{id}", (string id, HttpContext http) => Invocation.GetAsync(http, Get, ("incidentId", id)))
            .Read<IncidentView>("Incidents", "One incident.");
        app.MapGet("/api/incidents/{id}/timeline", TimelineAsync)
            .Read<Page<EventView>>("Incidents", "Every event of the incident, its ATPs, approvals and halts, oldest first; 'after' is an event's id.");
        app.MapGet("/api/incidents/{id}/next", (string id, HttpContext http) => Invocation.GetAsync(http, Next, ("id", id)))
            .Read<NextActionsView>("Incidents", "What the incident still needs: by whom, and the tool and the command line that do it.");
        app.MapGet("/api/atps/{id}/next", (string id, HttpContext http) => Invocation.GetAsync(http, Next, ("id", id)))
            .Read<NextActionsView>("ATPs", "What the ATP still needs: by whom, and the tool and the command line that do it.");
        app.MapReports();
        foreach (var entry in IncidentCommands.All) MapCommand(app, entry);
    }

    private static void MapCommand(IEndpointRouteBuilder app, IncidentCommands.Entry entry) =>
        app.MapPost($"/api/incidents/{{id}}/{entry.Name}", (string id, HttpContext http) =>
                Invocation.PostAsync(http, Update, [("incidentId", id), ("command", entry.Name)], [.. entry.Arguments, "override"]))
            .Write<IncidentUpdateArguments, IncidentView>("Incidents", $"{entry.Summary} Takes {string.Join(", ", entry.Arguments)}.");

    private static string? Location(System.Text.Json.JsonElement incident) =>
        incident.TryGetProperty("created", out var created) && created.ValueKind == System.Text.Json.JsonValueKind.True
            ? $"/api/incidents/{incident.GetProperty("id").GetString()}"
            : null;

    private static async Task<IResult> ListAsync(string? status, string? severity, string? cursor, string? limit, RunningEngine engine)
    {
        var most = QueryResults.DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out most) || QueryResults.BadLimit(most) is not null)) return Answer.Of(QueryResults.BadLimit(0)!);
        var statuses = Enum.GetValues<IncidentStatus>().Select(known => known.Name()).ToArray();
        if (status is not (null or "open") && !statuses.Contains(status))
            return Answer.Of(Arguments.Malformed($"The argument 'status' must be open or one of {string.Join(", ", statuses)}.", ["open", .. statuses]));
        Severity? rank = null;
        if (severity is not null)
        {
            if (!Severities.TryParse(severity, out var read)) return Answer.Of(Arguments.Malformed($"The argument 'severity' must be {Severities.Accepted}."));
            rank = read;
        }

        var filter = new ActorFilter(ActorKind.Incident)
        {
            Status = status == "open" ? null : status,
            Open = status == "open" ? true : null,
            Rank = (int?)rank,
            Cursor = cursor,
            Limit = most,
        };
        return Answer.Of(await QueryResults.ListAsync<IncidentState, IncidentView>(
            engine.Journal, filter, (state, version) => Task.FromResult(IncidentView.Of(state, version))));
    }

    private static async Task<IResult> TimelineAsync(string id, string? after, string? limit, HttpContext http, RunningEngine engine)
    {
        var most = QueryResults.MaxAtOnce;
        if (limit is not null && (!int.TryParse(limit, out most) || QueryResults.BadLimit(most) is not null)) return Answer.Of(QueryResults.BadLimit(0)!);
        if (!IdText.IsWellFormed(id) || await engine.Views.IncidentAsync(id) is null) return Answer.Of(IncidentDecider.Unknown(id));
        try
        {
            var page = await engine.Journal.FeedAsync(after, most, id, http.RequestAborted);
            return Answer.Json(new Page<EventView>([.. page.Events.Select(EventView.Of)], page.Events.Length == most ? page.Cursor : null));
        }
        catch (FormatException)
        {
            return Answer.Of(Arguments.Malformed("The argument 'after' must be the id of an event."));
        }
    }
}
