using System.CommandLine;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Metrics;

namespace IncidentActors.Cli.Metrics;

/// <summary><c>incident metrics</c>: the figures as the server defines and computes them.</summary>
internal static class MetricsVerb
{
    public static Command Make(Verbs verbs)
    {
        string[] ids = [.. MetricDefinitions.All.Select(metric => metric.Id)];
        var figure = Given.Text("--figure", $"Which one the bars show: {string.Join(", ", ids)}", ids).OneOf(ids);
        figure.DefaultValueFactory = _ => "mttr";
        return verbs.Make(
            "metrics", "Show MTTA, MTTR and the other metrics with their formulas, and one of them by week, severity and category", [figure],
            (line, cancel) => line.GetAsync("/api/metrics", answer => MetricsText.Show(line, answer.Read<MetricsReport>(), line.Value(figure)!), cancel));
    }
}
