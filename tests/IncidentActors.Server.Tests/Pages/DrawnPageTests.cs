using System.Net;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Metrics;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

public sealed class DrawnPageTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;
    private PlayedEmergency played = null!;

    public async Task InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync();
        played = await PlayedEmergency.PlayAsync(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Flows_show_where_open_ATPs_stand()
    {
        var all = (await server.GetAsync("/flows")).IsOk().Body;
        Assert.All(FlowSet.Shipped.Latest, flow => Assert.Contains($"href=\"/flows/{flow.Name}\"", all));
        Assert.Contains("<strong>1 open</strong>: 1 Queued", all);
        var one = (await server.GetAsync("/flows/postmortem")).IsOk().Body;
        Assert.Contains("class=\"state here\"", one);
        Assert.Contains($"/atps/{played.Postmortem}", one);
        Assert.Contains("No open ATP follows this flow", (await server.GetAsync("/flows/emergency")).IsOk().Body);
    }

    [Fact]
    public async Task Every_flow_has_its_page_with_diagram_and_every_row()
    {
        foreach (var flow in FlowSet.Shipped.Latest)
        {
            var page = (await server.GetAsync($"/flows/{flow.Name}")).IsOk().Body;
            Assert.Contains($"<title>The flow {flow.Name}, version {flow.Version}</title>", page);
            Assert.All(flow.Rows, row => Assert.Contains($"<tr id=\"row-{row.Number}\">", page));
            Assert.All(flow.Gates, gate => Assert.Contains(WebUtility.HtmlEncode(gate.Question), page));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/flows/none")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/flows/standard?version=99")).Status);
    }

    [Fact]
    public async Task Of_a_long_flow_an_ATP_shows_the_rows_it_took_and_those_that_leave_its_state()
    {
        var atp = (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Tidy the index", owner = "@dev" })).Json.Text("id");
        (await server.PostAsync("/api/tools/atp_change_status", "@dev", new { atpId = atp, status = "InProgress" })).IsOk();
        var page = (await server.GetAsync($"/atps/{atp}")).IsOk().Body;
        var flow = FlowSet.Shipped.Find("standard")!;
        var drawn = flow.Rows.Where(row => row.Number <= 2 || row.From == "InProgress").ToList();
        Assert.InRange(drawn.Count, 3, flow.Rows.Length / 2);
        Assert.Equal(drawn.Count, page.Split("<g class=\"row").Length - 1);
        Assert.Contains($"/flows/standard?version={flow.Version}\">The whole flow</a>", page);
        var whole = (await server.GetAsync($"/atps/{played.Postmortem}")).IsOk().Body;
        Assert.DoesNotContain("The whole flow", whole);
    }

    [Fact]
    public async Task Every_metric_has_its_plot_and_the_table_behind_it()
    {
        var page = (await server.GetAsync("/figures")).IsOk().Body;
        foreach (var metric in MetricDefinitions.All)
        {
            Assert.Contains($"<title>{metric.Name} by week</title>", page);
            Assert.Contains($"id=\"table-{metric.Id}\"", page);
        }

        var week = MetricsCalculation.Week(DateTimeOffset.UtcNow);
        Assert.Equal(2 * MetricDefinitions.All.Length, page.Split($">{week}</").Length - 1);
        // The only incident is of this week: four weeks are drawn, however many are asked for.
        Assert.Equal(4 * MetricDefinitions.All.Length, page.Split("<tr><th scope=\"row\">20").Length - 1);
        Assert.Equal(4 * MetricDefinitions.All.Length, (await server.GetAsync("/figures?weeks=52")).IsOk().Body.Split("<tr><th scope=\"row\">20").Length - 1);
        Assert.Equal(page.Length, (await server.GetAsync("/figures?weeks=-1")).IsOk().Body.Replace("?weeks=-1", "").Length, 200.0);
    }

    [Fact]
    public async Task Knowledge_is_searched_and_shows_who_was_shown_it()
    {
        Assert.Contains(PlayedEmergency.Knowledge, (await server.GetAsync("/knowledge")).IsOk().Body);
        Assert.Contains("1 entry, best first", (await server.GetAsync("/knowledge?q=payments")).IsOk().Body);
        Assert.Contains("Nothing found", (await server.GetAsync("/knowledge?q=volcano")).IsOk().Body);
        var entry = (await server.GetAsync($"/knowledge/{PlayedEmergency.Knowledge}")).IsOk().Body;
        Assert.Contains($"href=\"/incidents/{played.Incident}\"", entry);
        Assert.Contains("repeat: same root cause", entry);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/knowledge/KB-0")).Status);
        var file = (await server.GetAsync($"/knowledge/{PlayedEmergency.Knowledge}/file")).IsOk();
        Assert.Equal("text/markdown", file.MediaType);
        Assert.StartsWith("---\n", file.Body, StringComparison.Ordinal);
    }
}
