using System.Text.Json.Nodes;

namespace IncidentActors.Cli.Drill;

/// <summary>The alert that begins a drill, in the shape of an Alertmanager webhook (version 4).</summary>
internal static class DrillAlert
{
    public const string Title = "Checkout answers 500 to every request";

    public static DrillCall Firing(string severity, DateTimeOffset startsAt)
    {
        var labels = new JsonObject { ["alertname"] = "CheckoutDown", ["service"] = "checkout", ["severity"] = severity };
        return new DrillCall("@operator", "/webhooks/alertmanager", new JsonObject
        {
            ["version"] = "4",
            ["groupKey"] = "{}:{alertname=\"CheckoutDown\"}",
            ["truncatedAlerts"] = 0,
            ["status"] = "firing",
            ["receiver"] = "incident-actors",
            ["groupLabels"] = new JsonObject { ["alertname"] = "CheckoutDown" },
            ["commonLabels"] = labels.DeepClone(),
            ["commonAnnotations"] = new JsonObject { ["summary"] = Title },
            ["externalURL"] = "http://alertmanager.example",
            ["alerts"] = new JsonArray(new JsonObject
            {
                ["status"] = "firing",
                ["labels"] = labels,
                ["annotations"] = new JsonObject { ["summary"] = Title, ["description"] = "A fire drill: nothing is on fire." },
                ["startsAt"] = startsAt,
                ["endsAt"] = "0001-01-01T00:00:00Z",
                ["generatorURL"] = "http://prometheus.example/graph",
                ["fingerprint"] = "d1117bd1117bd111",
            }),
        });
    }
}
