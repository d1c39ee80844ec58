using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentActors.Cli.Drill;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Tests.Deliveries;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Node;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>Dashboards ask for figures that there are, and after a drill every question has an answer.</summary>
public sealed partial class DashboardTests
{
    private const int Columns = 24;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "deploy", "grafana", "dashboards");

    public static TheoryData<string> Dashboards => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void A_dashboard_is_whole_and_nothing_lies_over_another(string file)
    {
        var dashboard = Read(file);
        Assert.Equal($"incidentactors-{Path.GetFileNameWithoutExtension(file)}", dashboard.Text("uid"));
        Assert.InRange(dashboard.GetProperty("schemaVersion").GetInt32(), 36, 41);
        Assert.NotEmpty(dashboard.Text("title"));
        var variable = Assert.Single(dashboard.GetProperty("templating").List("list"));
        Assert.Equal(("datasource", "datasource", "prometheus"), (variable.Text("name"), variable.Text("type"), variable.Text("query")));

        var panels = dashboard.List("panels");
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var taken = new HashSet<(int, int)>();
        foreach (var panel in panels)
        {
            Assert.Contains(panel.Text("type"), new[] { "stat", "timeseries" });
            Assert.NotEmpty(panel.Text("title"));
            Assert.NotEmpty(panel.Text("description"));
            Assert.All(
                Cells(panel.GetProperty("gridPos")),
                cell => Assert.True(cell.Item1 < Columns && taken.Add(cell), $"{panel.Text("title")} lies over another panel"));
            var targets = panel.List("targets");
            Assert.Equal(targets.Length, targets.Select(target => target.Text("refId")).Distinct().Count());
            var sources = targets.Append(panel).Select(one => one.GetProperty("datasource"));
            Assert.All(sources, source => Assert.Equal(("prometheus", "${datasource}"), (source.Text("type"), source.Text("uid"))));
        }
    }

    [NodeFact]
    public async Task Dashboards_have_the_types_that_Grafana_publishes()
    {
        await NodePackages.RunAsync("dashboards.mjs", Directory.GetFiles(Folder, "*.json"));
        var spoiled = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            spoiled, (await File.ReadAllTextAsync(Path.Combine(Folder, "halts.json"))).Replace("\"lastNotNull\"", "5", StringComparison.Ordinal));
        var failure = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => NodePackages.RunAsync("dashboards.mjs", spoiled));
        Assert.Contains("reduceOptions.calcs", failure.Message, StringComparison.Ordinal);
        File.Delete(spoiled);
    }

    [Fact]
    public void Every_metric_of_the_catalogue_is_shown_somewhere_and_no_other_is_asked_for()
    {
        var asked = Expressions().SelectMany(expression => MetricName().Matches(expression)).Select(match => Suffix().Replace(match.Value, "")).ToHashSet();
        Assert.Equal(MetricCatalogue.All.Select(PrometheusNames.Of).Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    [PrometheusFact]
    public async Task After_a_drill_every_question_of_every_dashboard_has_an_answer()
    {
        await using var hook = await Receiver.StartAsync();
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = await NodeAsync(database);
        await using var two = await NodeAsync(database);
        await using var prometheus = await PrometheusProcess.StartAsync([one.Process.Port, two.Process.Port]);
        await Eventually.TrueAsync(async () => await prometheus.QueryAsync("sum(incident_node_ready)") is [2], "two nodes that are ready");
        await one.PostAsync("/api/webhooks", "@operator", new { url = hook.Url, events = new[] { "incident.*" } });
        await RefusedAsync(one);
        await one.PostAsync("/api/halts/rehearse", "@operator", new { nonce = "dashboards" });

        using var drill = new FireDrill(
            DrillScripts.For("emergency", DateTimeOffset.UtcNow)!, new DrillSettings(5, TimeSpan.Zero),
            one.Process.Client.BaseAddress!, new SocketsHttpHandler(), new DrillProgress());
        var result = await drill.RunAsync(CancellationToken.None);
        Assert.True(result.Passed, $"{result.Json()}");
        var (code, said) = await PrometheusProcess.ToolAsync(PrometheusNames.Own(await one.Process.Client.GetStringAsync("/metrics")), "check", "metrics");
        Assert.True(code == 0 && said.Length == 0, said);

        foreach (var expression in Expressions())
        {
            var query = expression.Replace("$__rate_interval", "30m", StringComparison.Ordinal).Replace("$__range", "30m", StringComparison.Ordinal);
            await Eventually.TrueAsync(async () => (await prometheus.QueryAsync(query)).Any(double.IsFinite), $"an answer to {query}");
        }
    }

    /// <summary>A rule refuses a turn.</summary>
    private static async Task RefusedAsync(TracedNode node)
    {
        var atp = (await node.UseAsync("atp_create", "@clerk", new { title = "work" })).Text("id");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tools/atp_change_status");
        request.Content = new StringContent(JsonSerializer.Serialize(new { atpId = atp, status = "Closed" }));
        request.Headers.Add("X-Agent", "@clerk");
        using var response = await node.Process.Client.SendAsync(request);
        Assert.False(response.IsSuccessStatusCode);
    }

    private static async Task<TracedNode> NodeAsync(string database)
    {
        var process = new ServerProcess("--journal", database, "--webhooks-private", "--quiet");
        await process.StartAsync();
        return new TracedNode(process);
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement;

    private static IEnumerable<string> Expressions() =>
        Directory.GetFiles(Folder, "*.json").SelectMany(file => Read(file).List("panels"))
            .SelectMany(panel => panel.List("targets")).Select(target => target.Text("expr"));

    private static IEnumerable<(int, int)> Cells(JsonElement grid)
    {
        for (var x = 0; x < grid.GetProperty("w").GetInt32(); x++)
        {
            for (var y = 0; y < grid.GetProperty("h").GetInt32(); y++)
                yield return (grid.GetProperty("x").GetInt32() + x, grid.GetProperty("y").GetInt32() + y);
        }
    }

    /// <summary>A metric stands before its labels, its window or a bracket; a label stands in braces or behind <c>by</c>.</summary>
    [GeneratedRegex(@"\bincident_\w+(?=[\[{]|\)(?! \())(?<!by \([^)]*)(?<!\{[^}]*)")]
    private static partial Regex MetricName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
