using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Tests.Flows;

public class FlowSetTests
{
    [Theory]
    [InlineData("sev1 in checkout")]
    [InlineData("🚨 SEV-1: [Critical Description]")]
    [InlineData("severity 1")]
    [InlineData("Severity-1, api")]
    [InlineData("SEV_1")]
    [InlineData("Production_Down")]
    [InlineData("Partial OUTAGE of mail")]
    [InlineData("a critical incident")]
    [InlineData("hotfix for the outage")]
    [InlineData("emergency hotfix for a SEV-1")]
    public void An_emergency_is_recognised(string text) => Assert.Equal("emergency", FlowSet.Shipped.Choose("AT-1", text, null).Name);

    [Theory]
    [InlineData("HOTFIX: Production incident", "hotfix")]
    [InlineData("hot-fix", "hotfix")]
    [InlineData("Urgent Fix, please", "hotfix")]
    [InlineData("Emergency Hotfix: login", "emergency-hotfix")]
    [InlineData("emergency_hotfix and another hotfix", "emergency-hotfix")]
    [InlineData("critical bug in billing", "emergency-hotfix")]
    [InlineData("Critical incident response", "critical-response")]
    [InlineData("Write the postmortem", "postmortem")]
    [InlineData("Post-Incident Review: login", "review")]
    [InlineData("Add a button", "standard")]
    [InlineData("", "standard")]
    [InlineData("outages happen", "standard")]
    [InlineData("SEV-10", "standard")]
    [InlineData("sev 2", "standard")]
    [InlineData("Incidentally, no", "standard")]
    public void Keywords_choose_whole_words_and_the_longest(string text, string flow) => Assert.Equal(flow, FlowSet.Shipped.Choose(null, text, null).Name);

    [Fact]
    public void Id_title_and_notes_are_searched_each_for_itself()
    {
        Assert.Equal("hotfix", FlowSet.Shipped.Choose("AT-HOTFIX-3", null, null).Name);
        Assert.Equal("hotfix", FlowSet.Shipped.Choose("AT-3", "login", "an incident").Name);
        Assert.Equal("standard", FlowSet.Shipped.Choose("AT-3", "production", "down").Name);
    }

    [Fact]
    public void A_type_that_names_a_flow_comes_first()
    {
        Assert.Equal("review", FlowSet.Shipped.Choose(null, "Post-Incident Review: outage", "Follow-up from hotfix AT-1", "review").Name);
        Assert.Equal("hotfix", FlowSet.Shipped.Choose(null, "hotfix", null, "task").Name);
    }

    [Fact]
    public void Urgency_is_emergency_then_emergency_hotfix_critical_response_hotfix_and_standard_last() => Assert.Equal(
        ["emergency", "emergency-hotfix", "critical-response", "hotfix", "postmortem", "review", "standard"],
        FlowSet.Shipped.Latest.Select(flow => flow.Name));

    [Fact]
    public void Several_versions_of_a_flow_are_kept_and_the_latest_is_the_default()
    {
        var set = Second("standard");

        Assert.Equal(2, set.Find("Standard")!.Version);
        Assert.Equal(1, set.Find("standard", 1)!.Version);
        Assert.Null(set.Find("standard", 3));
        Assert.Null(set.Find("unknown"));
        Assert.Equal(2, set.Choose(null, "Add a button", null).Version);
        Assert.Equal(1, FlowSet.Shipped.Find("standard")!.Version);
    }

    [Fact]
    public void A_newer_version_of_a_flow_keeps_its_keywords() => Assert.Equal(2, Second("emergency").Choose(null, "outage", null).Version);

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
        var (set, problems) = FlowSet.Shipped.Load([new FlowFile("second.yaml", ShippedText.Of(name).Replace("version: 1", "version: 2"))]);
        Assert.Empty(problems);
        return set;
    }
}
