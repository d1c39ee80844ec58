using System.Text.Json.Nodes;
using IncidentActors.Cli;
using IncidentActors.Core.Metrics;
using IncidentActors.Core.Reports;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Reports in every form, figures with their bars, and the owner's override.</summary>
public sealed class ReportVerbTests
{
    private readonly CliRun cli = new();

    [Theory]
    [InlineData("incident")]
    [InlineData("resolution")]
    [InlineData("chatroom")]
    [InlineData("handoff")]
    [InlineData("knowledge")]
    public async Task Every_form_is_printed_and_what_is_missing_is_said_beside_it(string form)
    {
        cli.Server.Answers(new ReportView("INC-1", form, "# A report [of] it\n", ["impact", "fix"]));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("report", "INC-1", "--form", form));
        Assert.Equal($"/api/incidents/INC-1/report?form={form}", cli.Server.Last.Path);
        Assert.Equal("# A report [of] it\n", cli.Output);
        Assert.Contains("Missing, because the journal does not contain it: impact, fix.", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_incident_report_is_the_default_and_another_form_is_refused()
    {
        cli.Server.Answers(new ReportView("INC-1", "incident", "# All of it\n", []));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("report", "INC-1", "--json"));
        Assert.Equal("/api/incidents/INC-1/report?form=incident", cli.Server.Last.Path);
        Assert.Equal("# All of it\n", (string?)JsonNode.Parse(cli.Output)!["markdown"]);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("report", "INC-1", "--form", "poem"));
    }

    [Fact]
    public async Task Figures_are_a_table_and_bars()
    {
        MetricSlice Slice(string key, int incidents, double? mttr, double? rollback) =>
            new(key, incidents, [new("mttr", mttr, incidents), new("rollback", rollback, incidents)]);
        var report = new MetricsReport(
            7,
            [
                new MetricTotal("mttr", "Mean time to resolve", "min", "mean(resolvedAt − startedAt)", 41.25, 7, null, null),
                new MetricTotal("rollback", "Rollback rate", "share", "rolled back ÷ finished", 0.125, 8, 0.05, false),
                new MetricTotal("follow-ups", "Follow-up completion", "share", "closed ÷ all", null, 0, 1, null),
            ],
            [Slice("2026-W02", 3, 60, 0), Slice("2026-W03", 3, 20, 0.25), Slice("2026-W04", 1, 0.5, null)],
            [Slice("SEV-1", 2, 15, 0), Slice("SEV-3", 5, null, null)],
            [Slice("availability", 7, 41.25, 0.125)], ["INC-9"]);
        cli.Server.Answers(report);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("metrics"));
        Golden.Equal("Golden/metrics.txt", cli.Output);

        cli.Server.Answers(report);
        await cli.RunAsync("metrics", "--figure", "rollback");
        Assert.Contains("Rollback rate, by severity", cli.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("metrics", "--figure", "luck"));
    }

    [Fact]
    public async Task The_owners_override_goes_with_the_command()
    {
        cli.Server.Answers(Samples.Atp);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync(
            "atp", "status", "AT-1", "Deployed", "--agent", "@jonny", "--owner-override", "the site is down, I take it on me"));
        Assert.Equal("the site is down, I take it on me", (string?)JsonNode.Parse(cli.Server.Last.Body!)!["override"]);
        cli.Server.Refuses(System.Net.HttpStatusCode.BadRequest, "argument.unknown", "There is no argument 'override'.");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("declare", "x", "--severity", "SEV-3", "--owner-override", "because"));
    }
}
