using IncidentActors.Core.Agents;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Alerts;

internal static class AlertEndpoints
{
    private const int MaxAlerts = 20_000;
    private const int Budget = 16 * 1024 * 1024;

    public static void MapAlerts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/webhooks/alertmanager", ReceiveAsync)
            .Write<AlertmanagerPayload, WebhookAnswer>(
                "Alerts",
                "Alertmanager's webhook (version 4) and Grafana's (version 1). Sending the same again changes nothing; only 503 asks to be sent again. "
                + $"Of more than {MaxAlerts} alerts the first {MaxAlerts} are read; the answer's 'cut' names what was left out.")
            .FromAlertmanager();
        foreach (var path in (string[])["/api/v2/alerts", "/api/v1/alerts"])
        {
            app.MapPost(path, ReceiveAsync)
                .Write<AlertmanagerAlert[], WebhookAnswer>(
                    "Alerts", "Alertmanager's own API, for Prometheus and Grafana's contact point *Alertmanager*: a list of alerts, or a webhook's body.")
                .FromAlertmanager();
        }
    }

    private static async Task<IResult> ReceiveAsync(HttpContext http, RunningEngine engine, AlertIntake intake)
    {
        var call = CallReader.Source(http.Request, Handle.Alertmanager) with { Token = TokenGate.Shown(http)?.Id };
        var (body, digest, problem) = await SourceBody.ReadAsync(http, Budget, MaxAlerts);
        if (problem is not null) return Answer.Of(problem);
        var payload = AlertmanagerPayload.Of(body!.Root!);
        if (OtherAlert.Confirmation(body.Root!) is { } confirmation) return Answer.Of(confirmation);
        if (payload.Alerts is null) return Answer.Of(Arguments.Missing("alerts", ["version", "groupKey", "alerts"]));
        if (payload.Alerts.Length == 0
            && (body.Cut.Any(cut => cut == LenientBody.BrokenOff || cut.StartsWith("alerts", StringComparison.Ordinal))
                || body.Root!.List("alerts")!.Count > 0))
            return Answer.Of(Arguments.Malformed("'alerts' must hold objects with 'labels'; it holds nothing that can be read."));
        var webhook = new AlertmanagerWebhook(engine, intake, call.With(http.Request.Path, digest), cut: body.Cut.Count > 0);
        var (answer, refused, replayed) = await webhook.ApplyAsync(payload).WaitAsync(Tool.Timeout);
        if (refused is not null) return Answer.Of(refused);
        if (body.Cut.Count > 0) answer = answer! with { Cut = body.Cut };
        engine.Log.Alerted(
            payload.Alerts.Length,
            answer!.Ignored.Count,
            answer.Incidents.FirstOrDefault()?.Id ?? Log.None,
            answer.Incidents.Any(incident => incident.Created));
        if (body.Cut.Count > 0) engine.Log.AlertsCut("alertmanager", string.Join(", ", body.Cut));
        if (replayed) http.Response.Headers[CallReader.ReplayHeader] = "true";
        return Answer.Json(answer);
    }
}
