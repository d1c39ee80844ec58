using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Tests.Flows;

public class FlowSetTests
{
    [Theory]
    [InlineData("Update the emergency contact list", "emergency")]
    [InlineData("Review last outage's slides", "emergency")]
    [InlineData("Expedited shipping option in cart", "hotfix")]
    [InlineData("sev1 in checkout", "emergency")]
    [InlineData("severity 1", "emergency")]
    [InlineData("Severity-1, api", "emergency")]
    [InlineData("Production_Down", "emergency")]
    [InlineData("hotfix for the outage", "emergency")]
    [InlineData("emergency hotfix for a SEV-1", "emergency")]
    [InlineData("hot-fix", "hotfix")]
    [InlineData("Urgent Fix, please", "hotfix")]
    [InlineData("emergency_hotfix and another hotfix", "emergency-hotfix")]
    [InlineData("critical bug in billing", "emergency-hotfix")]
    [InlineData("Critical incident response", "critical-response")]
    [InlineData("Add a button", null)]
    [InlineData("outages happen", null)]
    [InlineData("SEV-10", null)]
    [InlineData("sev 2", null)]
    [InlineData("Incidentally, no", null)]
    public void Words_of_an_urgent_flow_suggest_it_and_start_none(string text, string? suggested)
    {
        Assert.Equal("standard", FlowSet.Shipped.Choose("AT-1", text, null).Name);
        Assert.Equal(suggested, FlowSet.Shipped.Suggest("AT-1", text, null)?.Name);
    }

    [Theory]
    [InlineData("🚨 SEV-1: [Critical Description]", "emergency")]
    [InlineData("sev1: checkout", "emergency")]
    [InlineData("Severity 1: checkout", "emergency")]
    [InlineData("EMERGENCY: checkout", "emergency")]
    [InlineData("HOTFIX: Production incident", "hotfix")]
    [InlineData("🔥 hot-fix : login", "hotfix")]
    [InlineData("About the HOTFIX: login", "standard")]
    [InlineData("HOTFIX Production incident", "standard")]
    [InlineData("SEV-2: slow", "standard")]
    [InlineData(": SEV-1", "standard")]
    public void A_marker_at_the_beginning_chooses_where_work_begins_at_once(string notes, string flow)
    {
        Assert.Equal(flow, FlowSet.Shipped.Choose("AT-XX-YY", notes, notes, status: "InProgress").Name);
        Assert.Equal("standard", FlowSet.Shipped.Choose("AT-XX-YY", notes, notes).Name);
        Assert.Equal("standard", FlowSet.Shipped.Choose("AT-XX-YY", notes, notes, status: "Queued").Name);
    }

    [Theory]
    [InlineData("Write the postmortem", "postmortem")]
    [InlineData("Post-Incident Review: login", "review")]
    [InlineData("", "standard")]
    public void Keywords_of_ordinary_flows_choose(string text, string flow) => Assert.Equal(flow, FlowSet.Shipped.Choose(null, text, null).Name);

    [Fact]
    public void The_ids_of_the_seeds_choose()
    {
        Assert.Equal("emergency", FlowSet.Shipped.Choose("AT-EMRG-01", null, null).Name);
        Assert.Equal("hotfix", FlowSet.Shipped.Choose("AT-HOTFIX-3", "login", null).Name);
        Assert.Equal("standard", FlowSet.Shipped.Choose("AT-3", "production", "down").Name);
    }

    [Fact]
    public void A_type_that_names_a_flow_comes_first()
    {
        Assert.Equal("review", FlowSet.Shipped.Choose(null, "Post-Incident Review: outage", "Follow-up from hotfix AT-1", "review").Name);
        Assert.Equal("standard", FlowSet.Shipped.Choose(null, "hotfix", null, "task").Name);
    }

    [Fact]
    public void Urgency_is_emergency_then_emergency_hotfix_critical_response_hotfix_and_standard_last() => Assert.Equal(
        ["emergency", "emergency-hotfix", "critical-response", "hotfix", "postmortem", "review", "bugfix", "documentation", "enhancement", "standard"],
        FlowSet.Shipped.Latest.Select(flow => flow.Name));

    [Fact]
    public void Several_versions_of_a_flow_are_kept_and_the_latest_is_the_default()
    {
        var set = Second("standard");

        Assert.Equal(3, set.Find("Standard")!.Version);
        Assert.Equal(1, set.Find("standard", 1)!.Version);
        Assert.Null(set.Find("standard", 4));
        Assert.Null(set.Find("unknown"));
        Assert.Equal(3, set.Choose(null, "Add a button", null).Version);
        Assert.Equal(2, FlowSet.Shipped.Find("standard")!.Version);
    }

    [Fact]
    public void A_newer_version_of_a_flow_keeps_its_keywords() => Assert.Equal(2, Second("emergency").Suggest(null, "outage", null)!.Version);

    [Fact]
    public void What_running_ATPs_follow_is_never_replaced()
    {
        var standard = FlowSet.Shipped.Find("standard")!;

        Assert.Throws<ArgumentException>(() => FlowSet.Shipped.With([standard with { Title = "Another" }]));
    }

    [Fact]
    public void Roles_of_the_roster_may_be_used()
    {
        var file = new FlowFile("night.yaml", ShippedText.Of("standard").Replace("name: standard", "name: night").Replace("role: pm", "role: night-watch"));

        Assert.NotEmpty(FlowSet.Shipped.Load([file]).Problems);
        Assert.NotNull(FlowSet.Shipped.Load([file], ["night-watch"]).Set.Find("night"));
    }

    private static FlowSet Second(string name)
    {
        var next = ShippedText.Of(name).Replace("version: 2", "version: 3").Replace("version: 1", "version: 2");
        var (set, problems) = FlowSet.Shipped.Load([new FlowFile("second.yaml", next)]);
        Assert.Empty(problems);
        return set;
    }
}
